using BackupFunctions.Benchmarks.Processes;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>call-vs-forwarder</c>: calls of a vendor's API per second through the handler of Call, with a token in memory,
/// compared with a bare <c>IHttpForwarder</c> in the same plain ASP.NET Core host; the median latency that one caller
/// sees, beside that of the API itself; and what a reply of 1 GiB costs in memory.
/// </summary>
internal static class CallFigure
{
    public const string Name = "call-vs-forwarder";

    private const int Pairs = 9;

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var api = await ApiProcess.StartAsync(cancellationToken);
        await using var host = await CallProcess.StartAsync(api, cancellationToken);
        var (through, bare) = (new Uri(host.Calls, ApiProcess.Small), new Uri(host.Bare, ApiProcess.Small));
        var (calls, peers) = (new List<Wrk.Result>(), new List<Wrk.Result>());

        // Long enough for the JIT compiler's last tier.
        await Wrk.RunAsync(through, TimeSpan.FromSeconds(4), cancellationToken);
        await Wrk.RunAsync(bare, TimeSpan.FromSeconds(4), cancellationToken);
        for (var pair = 0; pair < Pairs; pair++)
        {
            // In turns, so that a busy moment of the machine spoils one of each.
            calls.Add(await Wrk.RunAsync(through, TimeSpan.FromSeconds(2), cancellationToken));
            peers.Add(await Wrk.RunAsync(bare, TimeSpan.FromSeconds(2), cancellationToken));
        }

        var alone = await MedianAloneAsync(through, cancellationToken);
        var bareAlone = await MedianAloneAsync(bare, cancellationToken);
        var direct = await MedianAloneAsync(new Uri(api.Address, ApiProcess.Small), cancellationToken);
        var (grown, peerGrown) = (
            await GrowthAsync(api, process => process.Calls, cancellationToken),
            await GrowthAsync(api, process => process.Bare, cancellationToken)
        );

        var value = Median.Of([.. calls.Select(run => run.PerSecond)]);
        var peer = Median.Of([.. peers.Select(run => run.PerSecond)]);
        var p99 = Median.Of([.. calls.Select(run => run.P99)]);
        var peerP99 = Median.Of([.. peers.Select(run => run.P99)]);
        return new Figure(Name, value, "requests/s", peer)
        {
            Beside = new Dictionary<string, double>
            {
                ["p99Milliseconds"] = p99,
                ["peerP99Milliseconds"] = peerP99,
                ["p50Alone"] = alone,
                ["peerP50Alone"] = bareAlone,
                ["directP50Alone"] = direct,
                ["addedP50"] = alone - direct,
                ["gigabyteGrowthMB"] = grown,
                ["peerGigabyteGrowthMB"] = peerGrown,
            },
            Bars =
            [
                Bar.AtLeast("ratio", value / peer, 0.9),
                Bar.AtMost("p99 ratio", p99 / peerP99, 1.3),
                Bar.AtMost("MB for 1 GiB", grown, 30),
            ],
        };
    }

    /// <summary>The median latency of a single caller, in milliseconds.</summary>
    private static async Task<double> MedianAloneAsync(Uri url, CancellationToken cancellationToken) =>
        (await Wrk.RunAsync(url, TimeSpan.FromSeconds(3), cancellationToken, connections: 1)).P50;

    /// <summary>By how many MB the most memory of a new process grows with one large reply.</summary>
    private static async Task<double> GrowthAsync(
        ApiProcess api,
        Func<CallProcess, Uri> address,
        CancellationToken cancellationToken
    )
    {
        await using var host = await CallProcess.StartAsync(api, cancellationToken);
        await Wrk.RunAsync(new Uri(address(host), ApiProcess.Small), TimeSpan.FromSeconds(2), cancellationToken);
        var before = host.PeakMegabytes;
        using var client = new HttpClient();
        await using var reply = await client.GetStreamAsync(
            new Uri(address(host), ApiProcess.Large),
            cancellationToken
        );
        var buffer = new byte[64 * 1024];
        var length = 0L;
        while (await reply.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            length += read;
        }

        return length == ApiProcess.LargeLength
            ? host.PeakMegabytes - before
            : throw new InvalidOperationException($"{length} bytes came.");
    }
}
