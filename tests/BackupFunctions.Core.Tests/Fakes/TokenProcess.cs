using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Status;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>The real objects of one process, over the fakes that processes share.</summary>
internal sealed class TokenProcess
{
    private readonly ILoggerFactory _logs;
    private readonly TokenWorld _world;

    public TokenProcess(
        TokenWorld world,
        RenewalOptions options,
        ILedger ledger,
        IRefreshLock? alone = null,
        IIncidentListener? incidents = null
    )
    {
        _world = world;
        _logs = LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(Log));
        Ledger = ledger;
        var (store, credentials, time) = (world.Store, world.Credentials, world.Time);
        var locks = alone ?? world.Locks;
        var record = new AttemptRecord(ledger, world.Random, time, _logs.CreateLogger<AttemptRecord>(), incidents);
        var rejections = new SharedRejections(ledger);
        var gate = new SignInGate(ledger, record, credentials, time, _logs.CreateLogger<SignInGate>());
        var saver = new TokenSaver(store, locks, ledger, time, _logs.CreateLogger<TokenSaver>());
        var renewal = new VendorRenewal(
            store,
            credentials,
            gate,
            record,
            saver,
            options,
            time,
            _logs.CreateLogger<VendorRenewal>()
        );
        var refresher = new TokenRefresher(
            store,
            locks,
            gate,
            rejections,
            renewal,
            saver,
            time,
            _logs.CreateLogger<TokenRefresher>()
        );
        var signOut = new SignOut(
            refresher,
            store,
            locks,
            credentials,
            record,
            rejections,
            ledger,
            time,
            _logs.CreateLogger<SignOut>()
        );
        Broker = new TokenBroker(refresher, signOut, time, _logs.CreateLogger<TokenBroker>());
        Watch = new LedgerPoller(Broker, ledger, time, _logs.CreateLogger<LedgerPoller>());
        Tenants = new TenantTokens(Broker, world.Random, time, _logs.CreateLogger<TenantTokens>());
        var directory = new ConnectionDirectory(
            [world.Vendor],
            world.Connections,
            new Dictionary<string, RefreshSchedule>()
        );
        var news = new ConnectionReloader(directory, time, _logs.CreateLogger<ConnectionReloader>());
        Status = new StatusReader(
            directory,
            news,
            Broker,
            ledger,
            new VaultTokenIndex(store, time, _logs.CreateLogger<VaultTokenIndex>()),
            time,
            source: null
        );
        Sweep = new RefreshSweep(
            Broker,
            directory,
            new CredentialExpiry(credentials, ledger, time, _logs.CreateLogger<CredentialExpiry>()),
            time,
            _logs.CreateLogger<RefreshSweep>()
        );
    }

    public ILedger Ledger { get; }

    /// <summary>What this process told.</summary>
    public LogRecorder Log { get; } = new();

    public ILogger<T> Logger<T>() => _logs.CreateLogger<T>();

    public TokenBroker Broker { get; }

    public TenantTokens Tenants { get; }

    public LedgerPoller Watch { get; }

    public RefreshSweep Sweep { get; }

    public StatusReader Status { get; }

    /// <summary>How the world's one connection is.</summary>
    public async Task<ConnectionStatus> StatusAsync() =>
        (await Status.ReadAsync(CancellationToken.None)).Connections.Single(status => status.Target == _world.Target);

    public Task<AccessToken> GetAsync(TokenRequest query) =>
        Broker.GetAsync(_world.Target, query, CancellationToken.None).AsTask();

    public Task<AccessToken> GetAsync() => GetAsync(new TokenRequest());

    public Task<AccessToken> GetAsync(double minimumLifetime) =>
        GetAsync(new TokenRequest { MinimumLifetime = TimeSpan.FromSeconds(minimumLifetime) });

    public Task<AccessToken> RejectAsync(AccessToken token) =>
        GetAsync(new TokenRequest { Rejected = token.Fingerprint });

    public Task<AccessToken> GetForTenantAsync(Guid tenant, TokenRequest query) =>
        Tenants.GetAsync(_world.Target, tenant, query, CancellationToken.None);

    public Task<AccessToken> GetForTenantAsync(Guid tenant) => GetForTenantAsync(tenant, new TokenRequest());

    public Task<AccessToken> RefreshNowAsync() => Broker.RefreshNowAsync(_world.Target, CancellationToken.None);

    public Task<AccessToken> EnrolAsync(string code) =>
        Broker.EnrolAsync(_world.Target, new SecretText(code), CancellationToken.None);

    public Task<SignOutReport> SignOutAsync() => Broker.SignOutAsync(_world.Target, CancellationToken.None);

    public Task<SweepReport> SweepAsync(double nextTickIn = 300) =>
        Sweep.RunAsync(_world.Vendor, _world.Now + TimeSpan.FromSeconds(nextTickIn), CancellationToken.None);

    public Task DrainAsync() => Broker.DrainAsync(CancellationToken.None);

    /// <summary>The connection's record.</summary>
    public async Task<LedgerEntry> EntryAsync() =>
        await Ledger.ReadAsync(_world.Connection.Key, newest: true, CancellationToken.None);
}
