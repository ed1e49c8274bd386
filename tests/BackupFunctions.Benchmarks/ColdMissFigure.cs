using System.Diagnostics;
using BackupFunctions.Benchmarks.Processes;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>cold-miss-overhead</c>: the time from a call whose token is nowhere to its reply, with the vault 20 ms and the
/// vendor 100 ms away; compared with the sum of the latencies that cannot be avoided.
/// </summary>
internal static class ColdMissFigure
{
    public const string Name = "cold-miss-overhead";

    private const int WarmUps = 10;
    private const int Calls = 25;

    /// <summary>Typical of a vault in the same Azure region and of a sign-in server.</summary>
    public static readonly EmulatorProcess.Latencies Latencies = new(Vault: 20, Vendor: 100);

    /// <summary>
    /// The vault is read before the lock and under it, the credential is read, the vendor is asked, the token is saved:
    /// each step depends on the one before.
    /// </summary>
    public static readonly TimeSpan Ideal = TimeSpan.FromMilliseconds((4 * Latencies.Vault) + Latencies.Vendor);

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var emulators = await EmulatorProcess.StartAsync(WarmUps + Calls, Latencies, cancellationToken);
        await using var service = FarService.Create(emulators.Known, WarmUps + Calls);
        var times = new List<double>();
        foreach (var target in service.Connections)
        {
            var since = Stopwatch.GetTimestamp();
            await service.CallAsync(target);
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        var took = Median.Of(times[WarmUps..]);
        return new Figure(Name, took, "ms", Ideal.TotalMilliseconds)
        {
            Beside = new Dictionary<string, double> { ["firstOfProcess"] = times[0] },
            Bars = [Bar.AtMost("ratio", took / Ideal.TotalMilliseconds, 1.15)],
        };
    }
}
