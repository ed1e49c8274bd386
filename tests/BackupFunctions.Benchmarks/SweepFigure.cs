using System.Diagnostics;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors.Acronis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>sweep-10k</c>: a sweep of 10,000 connections without a token, vault and vendor 50 ms away, the write limit lifted; held
/// against what latency and concurrency allow. Beside it the same of 1,000, and the most memory that this process ever took.
/// </summary>
internal static class SweepFigure
{
    private const int Many = 10_000;
    private const int Few = 1_000;

    /// <summary>
    /// What cannot be left out: the vault is read before the lock and under it, the credential is read, the vendor is asked, the
    /// token is saved. One after the other, because each decides on the next.
    /// </summary>
    private const int CallsInARow = 5;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        // Few first: it warms the code up too, which a sweep of a service that runs for weeks has behind it.
        var few = await SweepAsync(Few, cancellationToken);
        var many = await SweepAsync(Many, cancellationToken);
        using var process = Process.GetCurrentProcess();
        return new Figure("sweep-10k", many.TotalSeconds, "s", Ideal(Many).TotalSeconds)
        {
            Beside = new Dictionary<string, double>
            {
                ["concurrency"] = RefreshSweep.Concurrency,
                ["secondsFor1k"] = few.TotalSeconds,
                ["ratioFor1k"] = few / Ideal(Few),
                ["processorSeconds"] = process.TotalProcessorTime.TotalSeconds,
                ["peakWorkingSetMegabytes"] = process.PeakWorkingSet64 / 1e6,
            },
        };
    }

    private static TimeSpan Ideal(int connections) => Latency * CallsInARow * Math.Ceiling(connections / (double)RefreshSweep.Concurrency);

    private static async Task<TimeSpan> SweepAsync(int connections, CancellationToken cancellationToken)
    {
        await using var emulators = await EmulatorProcess.StartAsync(connections, Latency, cancellationToken);
        await using var services = Services(emulators.Known, connections);
        var sweep = services.GetRequiredService<RefreshSweep>();
        var acronis = services.GetRequiredService<ConnectionDirectory>().FindVendor("acronis")!;
        var time = TimeProvider.System;

        var began = time.GetTimestamp();
        var report = await sweep.RunAsync(acronis, time.GetUtcNow().AddMinutes(5), cancellationToken);
        var took = time.GetElapsedTime(began);

        await CheckAsync(emulators, report, connections, cancellationToken);
        return took;
    }

    /// <summary>A figure counts only if everything was done, and no more than that.</summary>
    private static async Task CheckAsync(EmulatorProcess emulators, SweepReport report, int connections, CancellationToken cancellationToken)
    {
        var vault = await emulators.CallsAsync(emulators.Known.Vault, cancellationToken);
        var acronis = await emulators.CallsAsync(emulators.Known.Acronis, cancellationToken);
        if (report.Renewed != connections || acronis["token"] != connections || vault["set"] != connections || vault["get"] != 3 * connections)
        {
            throw new InvalidOperationException(
                $"Of {connections} connections {report.Renewed} were renewed, with {acronis["token"]} sign-ins, {vault["get"]} reads and {vault["set"]} writes.");
        }
    }

    private static ServiceProvider Services(EmulatorProcess.Addresses emulators, int connections)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["KeyVault:VaultUri"] = emulators.Vault.AbsoluteUri,
            ["KeyVault:WritesPerTenSeconds"] = "unlimited",
            ["KeyVault:ConnectionsInVault"] = "false",
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddBackupTokens(settings).AddKeyVault().AddVendors();
        services.AddSingleton(provider =>
        {
            var vendors = provider.GetServices<IVendor>().ToList();
            var acronis = vendors.Single(vendor => vendor.Name == "acronis");
            return new ConnectionDirectory(
                vendors,
                Enumerable.Range(0, connections).Select(i => new VendorConnection(acronis, Connection(emulators, EmulatorProcess.NameOf(i)))),
                new Dictionary<string, RefreshSchedule>());
        });
        return services.BuildServiceProvider();
    }

    private static AcronisConnection Connection(EmulatorProcess.Addresses emulators, string name) => new()
    {
        Key = new ConnectionKey("acronis", name),
        BaseUrl = emulators.Acronis,
        DataCenterUrl = emulators.Acronis,
        ClientId = emulators.ClientId,
        ClientSecret = new CredentialName($"acronis-{name}-client-secret"),
        TokenSecretName = $"acronis-{name}-access-token",
    };
}
