using System.Diagnostics;
using BackupFunctions.Benchmarks.Processes;
using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>sweep-10k</c>: a sweep of 10,000 connections without a token, vault and vendor 50 ms away, without a write limit;
/// compared with what latency and concurrency allow. It also reports a sweep of 1,000, and the peak memory of this
/// process.
/// </summary>
internal static class SweepFigure
{
    public const string Name = "sweep-10k";

    private const int Many = 10_000;
    private const int Few = 1_000;

    /// <summary>
    /// What cannot be avoided: the vault is read before the lock and under it, the credential is read, the vendor is
    /// asked, the token is saved. Each step depends on the one before.
    /// </summary>
    private const int CallsInARow = 5;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);

    private static readonly EmulatorProcess.Latencies Latencies = new(Latency.Milliseconds, Latency.Milliseconds);

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        // The small sweep goes first and warms up the code, as in a service that has run for weeks.
        var few = await SweepAsync(Few, cancellationToken);
        var many = await SweepAsync(Many, cancellationToken);
        using var process = Process.GetCurrentProcess();
        var (ratio, growth, memory) = (many / Ideal(Many), many / few / (Many / Few), process.PeakWorkingSet64 / 1e6);
        return new Figure(Name, many.TotalSeconds, "s", Ideal(Many).TotalSeconds)
        {
            Beside = new Dictionary<string, double>
            {
                ["concurrency"] = VendorProfiles.Acronis.RefreshConcurrency,
                ["secondsFor1k"] = few.TotalSeconds,
                ["growthFrom1k"] = growth,
                ["processorSeconds"] = process.TotalProcessorTime.TotalSeconds,
                ["peakWorkingSetMegabytes"] = memory,
            },
            Bars =
            [
                Bar.AtMost("ratio", ratio, 1.3),
                Bar.AtMost("megabytes", memory, 300),
                Bar.AtMost("growth from 1,000", growth, 1.1),
            ],
        };
    }

    private static TimeSpan Ideal(int connections) =>
        Latency * CallsInARow * Math.Ceiling(connections / (double)VendorProfiles.Acronis.RefreshConcurrency);

    private static async Task<TimeSpan> SweepAsync(int connections, CancellationToken cancellationToken)
    {
        await using var emulators = await EmulatorProcess.StartAsync(connections, Latencies, cancellationToken);
        await using var service = FarService.Create(emulators.Known, connections);
        var time = TimeProvider.System;

        var began = time.GetTimestamp();
        var report = await service.Sweep.RunAsync(
            service.Acronis,
            time.GetUtcNow().AddMinutes(5),
            TimeSpan.Zero,
            cancellationToken
        );
        var took = time.GetElapsedTime(began);

        await CheckAsync(emulators, report, connections, cancellationToken);
        return took;
    }

    /// <summary>A figure counts only if the sweep did everything, and nothing twice.</summary>
    private static async Task CheckAsync(
        EmulatorProcess emulators,
        SweepReport report,
        int connections,
        CancellationToken cancellationToken
    )
    {
        var vault = await emulators.CallsAsync(emulators.Known.Vault, cancellationToken);
        var acronis = await emulators.CallsAsync(emulators.Known.Acronis, cancellationToken);
        if (
            report.Renewed != connections
            || acronis["token"] != connections
            || vault["set"] != connections
            || vault["get"] != 3 * connections
        )
        {
            throw new InvalidOperationException(
                $"{report.Renewed} of {connections} connections were renewed, with {acronis["token"]} sign-ins, "
                    + $"{vault["get"]} reads and {vault["set"]} writes."
            );
        }
    }
}
