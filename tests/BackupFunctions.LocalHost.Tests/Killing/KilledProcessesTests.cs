using BackupFunctions.KillTests;

namespace BackupFunctions.LocalHost.Tests.Killing;

/// <summary>A few of the 200 kills of <c>tests/BackupFunctions.KillTests</c>, some with a lock in storage.</summary>
public sealed class KilledProcessesTests
{
    [Fact]
    public async Task Heals_by_itself_wherever_a_rotation_is_killed()
    {
        // With this seed, no kill needs a one-time code, which could take 30 s, and two hit processes that heal.
        var options = new KillOptions(Kills: 8, WithStorage: 0, Seed: 36);
        using var output = new StringWriter();

        var report = await KillRun.RunAsync(options, output);

        Assert.Empty(report.Violations);
        Assert.Equal(8, report.Kills);
        Assert.Equal(8, report.KilledAgain + report.HealedByRefreshToken + report.HealedBySigningIn);
        Assert.Equal(0, report.RefusedPasswords);
    }
}
