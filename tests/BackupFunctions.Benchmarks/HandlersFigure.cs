using BackupFunctions.Benchmarks.Processes;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>handlers-vs-constant</c>: requests per second for a token in memory, from the handlers in a plain ASP.NET Core
/// host without logging; compared with an endpoint of that host which answers the same bytes and does nothing else.
/// </summary>
internal static class HandlersFigure
{
    public const string Name = "handlers-vs-constant";

    private const int Pairs = 9;

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var host = await HostProcess.StartAsync(cancellationToken);
        var (token, constant) = (new List<Wrk.Result>(), new List<Wrk.Result>());

        // Long enough for the JIT compiler's last tier.
        await Wrk.RunAsync(host.Token, TimeSpan.FromSeconds(4), cancellationToken);
        await Wrk.RunAsync(host.Constant, TimeSpan.FromSeconds(2), cancellationToken);
        for (var pair = 0; pair < Pairs; pair++)
        {
            // In turns, so that a busy moment of the machine spoils one of each.
            token.Add(await Wrk.RunAsync(host.Token, TimeSpan.FromSeconds(2), cancellationToken));
            constant.Add(await Wrk.RunAsync(host.Constant, TimeSpan.FromSeconds(2), cancellationToken));
        }

        var value = Median.Of([.. token.Select(run => run.PerSecond)]);
        var peer = Median.Of([.. constant.Select(run => run.PerSecond)]);
        var p99 = Median.Of([.. token.Select(run => run.P99)]);
        var peerP99 = Median.Of([.. constant.Select(run => run.P99)]);
        return new Figure(Name, value, "requests/s", peer)
        {
            Beside = new Dictionary<string, double>
            {
                ["p99Milliseconds"] = p99,
                ["peerP99Milliseconds"] = peerP99,
                ["p99Ratio"] = p99 / peerP99,
            },
            Bars = [Bar.AtLeast("ratio", value / peer, 0.85)],
        };
    }
}
