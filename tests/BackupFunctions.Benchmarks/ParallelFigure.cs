using System.Diagnostics;
using BackupFunctions.Connections;

namespace BackupFunctions.Benchmarks;

/// <summary><c>warm-hit-parallel</c>: warm hits per second from all cores at once, beside those from one.</summary>
internal static class ParallelFigure
{
    public const string Name = "warm-hit-parallel";

    private const int Connections = 10_000;
    private const int Rounds = 11;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(300);

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var service = await NearService.StartAsync(Connections);
        var cores = Environment.ProcessorCount;
        var (one, all) = (new List<double>(), new List<double>());
        Measure(service, cores);
        for (var round = 0; round < Rounds; round++)
        {
            one.Add(Measure(service, 1));
            all.Add(Measure(service, cores));
        }

        var (perSecond, alone) = (Median.Of(all), Median.Of(one));
        return new Figure(Name, perSecond, "hits/s", alone)
        {
            Beside = new Dictionary<string, double> { ["cores"] = cores },
            Bars = [Bar.AtLeast("ratio", perSecond / alone, 0.85 * cores)],
        };
    }

    /// <summary>Hits per second of so many threads together.</summary>
    private static double Measure(NearService service, int threads)
    {
        using var start = new Barrier(threads);
        var rates = new double[threads];
        var runs = Enumerable
            .Range(0, threads)
            .Select(i => new Thread(() =>
            {
                var targets = Order
                    .Of(Connections, Connections, seed: (uint)i + 1)
                    .Select(number => service.Connections[number])
                    .ToArray();
                start.SignalAndWait();
                rates[i] = HitsPerSecond(service, targets);
            }))
            .ToList();
        runs.ForEach(run => run.Start());
        runs.ForEach(run => run.Join());
        return rates.Sum();
    }

    private static double HitsPerSecond(NearService service, Connection[] targets)
    {
        var hits = 0;
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < RoundTime)
        {
            foreach (var target in targets)
            {
                hits += service.Hit(target) is null ? 0 : 1;
            }
        }

        return hits / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }
}
