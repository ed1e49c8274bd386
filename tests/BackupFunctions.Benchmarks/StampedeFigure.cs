using System.Diagnostics;
using BackupFunctions.Benchmarks.Processes;
using BackupFunctions.Connections;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>stampede</c>: 10,000 first calls at once for 100 connections whose tokens are nowhere; the time to the last reply
/// is compared with one cold miss.
/// </summary>
internal static class StampedeFigure
{
    public const string Name = "stampede";

    private const int Callers = 10_000;
    private const int Connections = 100;
    private const int WarmUps = 6;
    private const int Rounds = WarmUps + 7;
    private const int MissesInRound = 5;

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        var all = Rounds * (Connections + MissesInRound);
        await using var emulators = await EmulatorProcess.StartAsync(all, ColdMissFigure.Latencies, cancellationToken);
        await using var service = FarService.Create(emulators.Known, all);
        var left = new Queue<Connection>(service.Connections);
        var (misses, stampedes, calls) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < MissesInRound; i++)
            {
                misses.Add(await TimeAsync(() => service.CallAsync(left.Dequeue())));
            }

            var before = await SignInsAsync(emulators, cancellationToken);
            var trampled = Enumerable.Range(0, Connections).Select(_ => left.Dequeue()).ToList();
            stampedes.Add(
                await TimeAsync(() =>
                    Task.WhenAll(Order.Of(Connections, Callers).Select(i => service.CallAsync(trampled[i])))
                )
            );
            calls.Add(await SignInsAsync(emulators, cancellationToken) - before);
        }

        var farthest = calls.MaxBy(count => Math.Abs(count - Connections));
        // The first rounds warm up code and connections, here and in the emulators: the JIT compiler is not measured.
        var (last, one) = (Median.Of(stampedes[WarmUps..]), Median.Of(misses[(WarmUps * MissesInRound)..]));
        return new Figure(Name, last, "ms", one)
        {
            Beside = new Dictionary<string, double> { ["vendorCalls"] = farthest, ["firstOfProcess"] = stampedes[0] },
            Bars = [Bar.Exactly("vendor calls", farthest, Connections), Bar.AtMost("ratio", last / one, 1.5)],
        };
    }

    private static async Task<int> SignInsAsync(EmulatorProcess emulators, CancellationToken cancellationToken) =>
        (await emulators.CallsAsync(emulators.Known.Acronis, cancellationToken))["token"];

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var since = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}
