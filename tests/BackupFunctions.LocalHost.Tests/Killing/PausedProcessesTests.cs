using BackupFunctions.KillTests;

namespace BackupFunctions.LocalHost.Tests.Killing;

/// <summary>A few of the 200 pauses of <c>tests/BackupFunctions.KillTests</c>.</summary>
public sealed class PausedProcessesTests
{
    [Fact]
    public async Task Overwrites_nothing_and_serves_nothing_dead_after_a_pause_longer_than_its_lock()
    {
        var options = new PauseOptions(Pauses: 3, Lanes: 3, Seed: 1);
        using var output = new StringWriter();

        var report = await PauseRun.RunAsync(options, output);

        Assert.Empty(report.Violations);
        Assert.Equal(3, report.Pauses);
        Assert.InRange(report.Overtaken, 1, 3);
        Assert.Equal((0, 0, 0), (report.Overwritten, report.DeadTokens, report.RefusedPasswords));
    }
}
