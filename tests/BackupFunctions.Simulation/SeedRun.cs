namespace BackupFunctions.Simulation;

/// <summary>What one seed came to.</summary>
internal sealed record SeedRun(int Seed, Figures Figures, IReadOnlyList<string> Violations, string TraceHash)
{
    /// <summary>Deep enough for answers that wake one another inline.</summary>
    private const int StackSize = 32 * 1024 * 1024;

    /// <summary>Runs a seed on a thread of its own.</summary>
    /// <param name="seed">Which one.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="trace">Where to write what happens; null for nowhere.</param>
    /// <param name="spendsTwice">The vendor with the planted fault; null for none.</param>
    public static SeedRun Of(int seed, TimeSpan length, TextWriter? trace = null, string? spendsTwice = null)
    {
        SeedRun? run = null;
        var thread = new Thread(() => run = Run(seed, length, trace, spendsTwice), StackSize) { Name = $"seed {seed}" };
        thread.Start();
        thread.Join();
        return run!;
    }

    private static SeedRun Run(int seed, TimeSpan length, TextWriter? trace, string? spendsTwice)
    {
        World? world = null;
        try
        {
            world = new World(seed, trace, spendsTwice);
            world.Traffic.Begin();
            world.Weather.Begin();
            world.SignOuts.Begin();
            world.Timeline.RunUntil(World.Start + length);
        }
        catch (Exception exception) when (world is not null)
        {
            world.Checks.Violated($"the simulation broke off: {exception}");
        }

        var figures = world!.Figures;
        figures.Seeds = 1;
        figures.SimulatedHours = (world.Now - World.Start).TotalHours;
        figures.Events = world.Timeline.Events;
        return new SeedRun(seed, figures, world.Violations, world.TraceHash);
    }
}
