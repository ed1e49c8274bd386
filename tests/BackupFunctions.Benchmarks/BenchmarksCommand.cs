using System.CommandLine;

namespace BackupFunctions.Benchmarks;

/// <summary><c>figures [name]</c>: measures, and prints one JSON line per figure.</summary>
internal static class BenchmarksCommand
{
    /// <summary>Every figure. A further one is one line here.</summary>
    private static readonly IReadOnlyDictionary<string, Func<CancellationToken, Task<Figure>>> Figures =
        new Dictionary<string, Func<CancellationToken, Task<Figure>>>(StringComparer.Ordinal) { ["sweep-10k"] = SweepFigure.MeasureAsync };

    public static RootCommand Create()
    {
        var name = new Argument<string?>("name") { Description = "One figure; all of them without it.", Arity = ArgumentArity.ZeroOrOne };
        name.AcceptOnlyFromAmong([.. Figures.Keys]);
        var figures = new Command("figures", "Measures and prints one JSON line per figure.") { name };
        figures.SetAction(async (arguments, cancellationToken) =>
        {
            foreach (var (_, measure) in Figures.Where(figure => arguments.GetValue(name) is not { } one || one == figure.Key))
            {
                var figure = await measure(cancellationToken);
                await arguments.InvocationConfiguration.Output.WriteLineAsync(figure.ToJson());
            }
        });

        // The other side, in a process of its own, so that its memory does not count.
        var connections = new Argument<int>("connections");
        var latency = new Argument<int>("latency");
        var emulators = new Command(EmulatorProcess.CommandName) { connections, latency };
        emulators.Hidden = true;
        emulators.SetAction((arguments, cancellationToken) =>
            EmulatorProcess.ServeAsync(arguments.GetValue(connections), arguments.GetValue(latency), arguments.InvocationConfiguration.Output, cancellationToken));
        return new RootCommand("What BackupFunctions costs, beside what it cannot help costing.") { figures, emulators };
    }
}
