using System.CommandLine;
using System.Diagnostics;
using BackupFunctions.Benchmarks.Processes;
using BackupFunctions.Benchmarks.WarmHits;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>figures [name]</c>: measures, prints one JSON line per figure, and exits with 1 if one misses its bar.
/// </summary>
internal static class BenchmarksCommand
{
    private const string FiguresCommand = "figures";

    /// <summary>Every figure, in the order in which they are measured.</summary>
    private static readonly OrderedDictionary<string, Func<CancellationToken, Task<Figure>>> Figures = new(
        StringComparer.Ordinal
    )
    {
        [WarmHitFigure.Name] = WarmHitFigure.MeasureAsync,
        [HandlersFigure.Name] = HandlersFigure.MeasureAsync,
        [CallFigure.Name] = CallFigure.MeasureAsync,
        [ColdMissFigure.Name] = ColdMissFigure.MeasureAsync,
        [StampedeFigure.Name] = StampedeFigure.MeasureAsync,
        [MemoryFigure.Name] = MemoryFigure.MeasureAsync,
        [VaultCallsFigure.Name] = VaultCallsFigure.MeasureAsync,
        [SweepFigure.Name] = SweepFigure.MeasureAsync,
    };

    public static RootCommand Create()
    {
        var name = new Argument<string?>("name")
        {
            Description = "One figure (default: all).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.AcceptOnlyFromAmong([.. Figures.Keys]);
        var figures = new Command(FiguresCommand, "Measures and prints one JSON line per figure.") { name };
        figures.SetAction(
            (arguments, cancellationToken) =>
                arguments.GetValue(name) is { } one
                    ? MeasureAsync(one, arguments.InvocationConfiguration, cancellationToken)
                    : MeasureAllAsync(cancellationToken)
        );
        return new RootCommand("Measures BackupFunctions against baselines.")
        {
            figures,
            EmulatorProcess.CreateCommand(),
            HostProcess.CreateCommand(),
            ApiProcess.CreateCommand(),
            CallProcess.CreateCommand(),
        };
    }

    private static async Task<int> MeasureAsync(
        string name,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        var figure = await Figures[name](cancellationToken);
        await console.Output.WriteLineAsync(figure.ToJson());
        return figure.Holds ? 0 : 1;
    }

    /// <summary>
    /// Runs each in its own process, so that none starts with the heap and the compiled code of another.
    /// </summary>
    private static async Task<int> MeasureAllAsync(CancellationToken cancellationToken)
    {
        var status = 0;
        foreach (var name in Figures.Keys)
        {
            using var process = Process.Start(Environment.ProcessPath!, [FiguresCommand, name]);
            await process.WaitForExitAsync(cancellationToken);
            status = Math.Max(status, process.ExitCode);
        }

        return status;
    }
}
