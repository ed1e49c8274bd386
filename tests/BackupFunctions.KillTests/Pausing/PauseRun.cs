namespace BackupFunctions.KillTests;

/// <summary>All pauses, in lanes side by side.</summary>
internal static class PauseRun
{
    public static async Task<PauseReport> RunAsync(PauseOptions options, TextWriter output)
    {
        var report = new PauseReport(options, output);
        var plans = PausePlan.Draw(options.Pauses, options.Seed);
        var lanes = Enumerable
            .Range(0, options.Lanes)
            .Select(lane => RunLaneAsync(lane, [.. plans.Where((_, i) => i % options.Lanes == lane)], report));
        await Task.WhenAll(lanes);
        report.End();
        return report;
    }

    private static async Task RunLaneAsync(int lane, IReadOnlyList<PausePlan> plans, PauseReport report)
    {
        await using var pair = await PauseLane.StartAsync($"lane {lane + 1}", report);
        await pair.RunAsync(plans);
    }
}
