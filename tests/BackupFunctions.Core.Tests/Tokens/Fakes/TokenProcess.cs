using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Tokens;

/// <summary>The real objects of one process, over the fakes that processes share.</summary>
internal sealed class TokenProcess
{
    private static readonly ILoggerFactory Logs = LoggerFactory.Create(logging => logging.AddSuiteLog());

    private readonly TokenWorld _world;

    public TokenProcess(TokenWorld world, RenewalOptions options, IFailureLedger ledger, IRefreshLock? alone = null)
    {
        _world = world;
        Ledger = ledger;
        var (store, credentials, time) = (world.Store, world.Credentials, world.Time);
        var locks = alone ?? world.Locks;
        var gate = new AttemptGate(ledger, credentials, world.Random, time, Logs.CreateLogger<AttemptGate>());
        var saver = new TokenSaver(store, locks, time, Logs.CreateLogger<TokenSaver>());
        var renewal = new VendorRenewal(store, credentials, gate, ledger, saver, options, time, Logs.CreateLogger<VendorRenewal>());
        var refresher = new TokenRefresher(store, locks, gate, renewal, saver, time, Logs.CreateLogger<TokenRefresher>());
        Broker = new TokenBroker(refresher, time, Logs.CreateLogger<TokenBroker>());
        Tenants = new TenantTokens(Broker, world.Random, time, Logs.CreateLogger<TenantTokens>());
        var directory = new ConnectionDirectory([world.Vendor], world.Connections, new Dictionary<string, RefreshSchedule>());
        Sweep = new RefreshSweep(Broker, directory, time, Logs.CreateLogger<RefreshSweep>());
    }

    public IFailureLedger Ledger { get; }

    public TokenBroker Broker { get; }

    public TenantTokens Tenants { get; }

    public RefreshSweep Sweep { get; }

    public Task<AccessToken> GetAsync(TokenQuery query) => Broker.GetAsync(_world.Target, query, CancellationToken.None).AsTask();

    public Task<AccessToken> GetAsync() => GetAsync(new TokenQuery());

    public Task<AccessToken> GetAsync(double minimumLifetime) => GetAsync(new TokenQuery { MinimumLifetime = TimeSpan.FromSeconds(minimumLifetime) });

    public Task<AccessToken> RejectAsync(AccessToken token) => GetAsync(new TokenQuery { Rejected = token.Fingerprint });

    public Task<AccessToken> GetForTenantAsync(Guid tenant, TokenQuery query) =>
        Tenants.GetAsync(_world.Target, tenant, query, CancellationToken.None);

    public Task<AccessToken> GetForTenantAsync(Guid tenant) => GetForTenantAsync(tenant, new TokenQuery());

    public Task<AccessToken> RefreshNowAsync() => Broker.RefreshNowAsync(_world.Target, CancellationToken.None);

    public Task<SweepReport> SweepAsync(double nextTickIn = 300) =>
        Sweep.RunAsync(_world.Vendor, _world.Now + TimeSpan.FromSeconds(nextTickIn), CancellationToken.None);

    public Task DrainAsync() => Broker.DrainAsync(CancellationToken.None);

    /// <summary>The connection's record.</summary>
    public async Task<LedgerEntry> EntryAsync() => await Ledger.ReadAsync(_world.Connection.Key, CancellationToken.None);
}
