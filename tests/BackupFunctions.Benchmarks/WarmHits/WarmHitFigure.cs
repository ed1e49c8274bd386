using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>
/// <c>warm-hit-vs-msal</c>: a token in memory, from the broker and from Microsoft.Identity.Client with as many tokens:
/// for a single connection, for one among 10,000, and for 10,000 in turn. The last costs both more, because the
/// processor's caches do not hold them all; the figure therefore also reports what reading the clock, the connections
/// and the tokens costs without a broker. Hits from all cores at once must not contend for a lock.
/// </summary>
internal static class WarmHitFigure
{
    public const string Name = "warm-hit-vs-msal";

    private const int Many = 10_000;

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        var summary = BenchmarkRunner.Run<WarmHitBenchmark>(Config());
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
        {
            throw new InvalidOperationException(
                $"The benchmark failed. {string.Join(' ', summary.ValidationErrors.Select(error => error.Message))}"
            );
        }

        double Of(string method, int connections) => MedianOf(summary, method, connections);
        var (broker, msal) = (Of(nameof(WarmHitBenchmark.Broker), 1), Of(nameof(WarmHitBenchmark.MsalAsync), 1));
        var (brokerOfMany, msalOfMany) = (
            Of(nameof(WarmHitBenchmark.Broker), Many),
            Of(nameof(WarmHitBenchmark.MsalAsync), Many)
        );
        var (inTurn, msalInTurn) = (
            Of(nameof(WarmHitBenchmark.BrokerInTurn), Many),
            Of(nameof(WarmHitBenchmark.MsalInTurnAsync), Many)
        );
        var bytes = Math.Max(
            Bytes(summary, nameof(WarmHitBenchmark.Broker)),
            Bytes(summary, nameof(WarmHitBenchmark.BrokerInTurn))
        );
        var contended = await LockContention.CountAsync(Many);
        return new Figure(Name, broker, "ns", msal)
        {
            Beside = new Dictionary<string, double>
            {
                ["of10k"] = brokerOfMany,
                ["peerOf10k"] = msalOfMany,
                ["ratioOf10k"] = brokerOfMany / msalOfMany,
                ["growthTo10k"] = brokerOfMany / broker,
                ["10kInTurn"] = inTurn,
                ["peer10kInTurn"] = msalInTurn,
                ["ratio10kInTurn"] = inTurn / msalInTurn,
                ["memory10kInTurn"] = Of(nameof(WarmHitBenchmark.MemoryInTurn), Many),
                ["bytes"] = bytes,
                ["peerBytes"] = Bytes(summary, nameof(WarmHitBenchmark.MsalAsync)),
                ["contendedLocks"] = contended,
            },
            Bars =
            [
                Bar.AtMost("ratio", broker / msal, 0.05),
                Bar.AtMost("ratio of 10,000", brokerOfMany / msalOfMany, 0.05),
                Bar.AtMost("ratio of 10,000 in turn", inTurn / msalInTurn, 0.05),
                Bar.Exactly("bytes", bytes, 0),
                Bar.Exactly("contended locks", contended, 0),
                Bar.AtMost("growth to 10,000", brokerOfMany / broker, 1.2),
            ],
        };
    }

    private static ManualConfig Config() =>
        ManualConfig
            .CreateEmpty()
            .AddJob(
                Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                    .WithWarmupCount(3)
                    .WithIterationCount(9)
                    .WithIterationTime(TimeInterval.FromMilliseconds(200))
            )
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "BackupFunctions.Benchmarks"))
            .WithOptions(ConfigOptions.DisableLogFile);

    private static double MedianOf(Summary summary, string method, int connections) =>
        Of(summary, method)
            .Single(report => (int)report.BenchmarkCase.Parameters[nameof(WarmHitBenchmark.Connections)] == connections)
            .ResultStatistics!.Median;

    /// <summary>Bytes per call; the larger of both cases.</summary>
    private static double Bytes(Summary summary, string method) =>
        Of(summary, method).Max(report => report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)!.Value);

    private static IEnumerable<BenchmarkReport> Of(Summary summary, string method) =>
        summary.Reports.Where(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
}
