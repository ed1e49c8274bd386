namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>http-vs-constant</c>: requests per second for a token that is in memory, from LocalHost in a process of its own, held against an
/// endpoint in that process which answers the same bytes and does nothing for it.
/// </summary>
internal static class HttpFigure
{
    public const string Name = "http-vs-constant";

    private const int Pairs = 9;

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var host = await HostProcess.StartAsync(cancellationToken);
        var (token, constant) = (new List<Wrk.Result>(), new List<Wrk.Result>());

        // Long enough for the compiler's last tier.
        await Wrk.RunAsync(host.Token, TimeSpan.FromSeconds(4), cancellationToken);
        await Wrk.RunAsync(host.Constant, TimeSpan.FromSeconds(2), cancellationToken);
        for (var pair = 0; pair < Pairs; pair++)
        {
            // In turns, so that a busy moment of the machine spoils one of each.
            token.Add(await Wrk.RunAsync(host.Token, TimeSpan.FromSeconds(2), cancellationToken));
            constant.Add(await Wrk.RunAsync(host.Constant, TimeSpan.FromSeconds(2), cancellationToken));
        }

        var (value, peer) = (
            Median.Of([.. token.Select(run => run.PerSecond)]),
            Median.Of([.. constant.Select(run => run.PerSecond)])
        );
        var (p99, peerP99) = (
            Median.Of([.. token.Select(run => run.P99)]),
            Median.Of([.. constant.Select(run => run.P99)])
        );
        return new Figure(Name, value, "requests/s", peer)
        {
            Beside = new Dictionary<string, double>
            {
                ["p99Milliseconds"] = p99,
                ["peerP99Milliseconds"] = peerP99,
                ["p99Ratio"] = p99 / peerP99,
            },
            Bars = [Bar.AtLeast("ratio", value / peer, 0.85), Bar.AtMost("p99 ratio", p99 / peerP99, 1.3)],
        };
    }
}
