using BackupFunctions.KillTests;

namespace BackupFunctions.LocalHost.Tests.Killing;

/// <summary>A few of the kills of <c>tests/BackupFunctions.KillTests</c>, which kills 200 times.</summary>
public sealed class KilledProcessesTests
{
    [Fact]
    public async Task Heals_by_itself_wherever_a_rotation_is_killed()
    {
        using var output = new StringWriter();

        var report = await KillRun.RunAsync(new KillOptions(Kills: 8, WithStorage: 1, Seed: 2), output);

        Assert.Empty(report.Violations);
        Assert.Equal(8, report.Kills);
        Assert.Equal(8, report.KilledAgain + report.HealedByRefreshToken + report.HealedBySigningIn);
        Assert.Equal(0, report.RefusedPasswords);
    }
}
