using BackupFunctions.Benchmarks.Processes;
using BackupFunctions.Emulators;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Benchmarks;

/// <summary>
/// <c>vault-calls</c>: the vault and vendor calls of 100 connections in a day of sweeps and callers, on a simulated
/// clock; compared with the minimum. It also reports the calls of a warm hit, a cold hit and a renewal, each counted
/// alone.
/// </summary>
internal static class VaultCallsFigure
{
    public const string Name = "vault-calls";

    private const int Connections = 100;

    /// <summary>
    /// The vault is read before the lock and under it, then the credential; the token is written once.
    /// </summary>
    private const double ReadsPerRenewal = 3;
    private const double CallsPerRenewal = ReadsPerRenewal + 1;

    /// <summary>
    /// Tokens live for two hours and are renewed at the last five-minute tick before their last 15 minutes. Jitter adds
    /// one renewal in thirteen, and varies by chance (docs/adr/0203).
    /// </summary>
    private const double MostRenewalsInDay = 24.0 * 60 / 100 * 1.1;

    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    public static async Task<Figure> MeasureAsync(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        await using var suite = await EmulatorSuite.StartAsync(new EmulatorOptions { Time = time }, cancellationToken);
        var addresses = EmulatorProcess.Seed(suite, Connections);
        await using var service = FarService.Create(addresses, Connections, time);
        await using var another = FarService.Create(addresses, Connections, time);

        var renewal = await CountAsync(suite, () => service.Sweep.RunAsync(service.Acronis.Name, cancellationToken));
        var warm = await CountAsync(suite, () => CallAllAsync(service));
        var cold = await CountAsync(suite, () => CallAllAsync(another));
        var day = await CountAsync(suite, () => LiveADayAsync(service, time, cancellationToken));

        var renewals = day.SignIns / (double)Connections;
        return new Figure(Name, day.Vault, "calls", day.SignIns * CallsPerRenewal)
        {
            Beside = new Dictionary<string, double>
            {
                ["perWarmHit"] = warm.Each,
                ["perColdHit"] = cold.Each,
                ["perRenewal"] = renewal.Each,
                ["writesPerRenewal"] = renewal.Writes / (double)Connections,
                ["vendorCallsInDay"] = day.SignIns,
                ["renewalsPerConnection"] = renewals,
            },
            Bars =
            [
                Bar.Exactly("ratio", day.Vault / (day.SignIns * CallsPerRenewal), 1),
                Bar.Exactly("per warm hit", warm.Each, 0),
                Bar.Exactly("per cold hit", cold.Each, 1),
                Bar.Exactly("per renewal", renewal.Each, CallsPerRenewal),
                Bar.Exactly("writes per renewal", renewal.Writes / (double)Connections, 1),
                Bar.AtMost("renewals per connection", renewals, MostRenewalsInDay),
            ],
        };
    }

    /// <summary>Runs a sweep at every tick, followed by a call for every connection.</summary>
    private static async Task LiveADayAsync(
        FarService service,
        FakeTimeProvider time,
        CancellationToken cancellationToken
    )
    {
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromDays(1); passed += Tick)
        {
            time.Advance(Tick);
            await service.Sweep.RunAsync(service.Acronis.Name, cancellationToken);
            await CallAllAsync(service);
        }
    }

    private static async Task CallAllAsync(FarService service)
    {
        foreach (var target in service.Connections)
        {
            await service.CallAsync(target);
        }
    }

    private static async Task<Calls> CountAsync(EmulatorSuite suite, Func<Task> run)
    {
        var before = Of(suite);
        await run();
        var after = Of(suite);
        return new Calls(after.Vault - before.Vault, after.Writes - before.Writes, after.SignIns - before.SignIns);
    }

    /// <summary>Leaves out the challenge with which a client of the vault starts: one call per process.</summary>
    private static Calls Of(EmulatorSuite suite) =>
        new(
            suite.Vault.Counters.Total - suite.Vault.Counters["challenge"],
            suite.Vault.Counters["set"],
            suite.Acronis.Counters["token"]
        );

    private sealed record Calls(int Vault, int Writes, int SignIns)
    {
        public double Each => Vault / (double)Connections;
    }
}
