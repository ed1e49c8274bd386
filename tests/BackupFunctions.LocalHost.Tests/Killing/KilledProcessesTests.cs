using BackupFunctions.KillTests;

namespace BackupFunctions.LocalHost.Tests.Killing;

/// <summary>A few of the kills of <c>tests/BackupFunctions.KillTests</c>, which kills 200 times, some with a lock in storage.</summary>
public sealed class KilledProcessesTests
{
    [Fact]
    public async Task Heals_by_itself_wherever_a_rotation_is_killed()
    {
        // Of this seed no kill needs a one-time code, for whose step there would be up to 30 s to wait, and two are of processes that heal.
        var options = new KillOptions(Kills: 8, WithStorage: 0, Seed: 36);
        using var output = new StringWriter();

        var report = await KillRun.RunAsync(options, output);

        Assert.Empty(report.Violations);
        Assert.Equal(8, report.Kills);
        Assert.Equal(8, report.KilledAgain + report.HealedByRefreshToken + report.HealedBySigningIn);
        Assert.Equal(0, report.RefusedPasswords);
    }
}
