using BackupFunctions.Broker;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Renewal;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Status;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>The real objects of one process, over the fakes that processes share.</summary>
internal sealed class TokenProcess
{
    private readonly ILoggerFactory _logs;
    private readonly TokenWorld _world;
    private readonly ServiceProvider _services;

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
        _services = new ServiceCollection()
            .AddSingleton(_logs)
            .AddLogging()
            .AddSingleton<TimeProvider>(world.Time)
            .AddSingleton(world.Random)
            .AddSingleton(options)
            .AddSingleton<ITokenStore>(world.Store)
            .AddSingleton<ICredentialSource>(world.Credentials)
            .AddSingleton<IVendorClient>(world.Vendor)
            .AddSingleton(world.Vendor.Profile)
            .AddBackupTokens(TestSettings.OnlyVault)
            .Services.Replace(ServiceDescriptor.Singleton(ledger))
            .Replace(ServiceDescriptor.Singleton(alone ?? world.Locks))
            .Replace(ServiceDescriptor.Singleton(new ConnectionDirectory([world.Vendor.Profile], world.Connections)))
            .Replace(
                ServiceDescriptor.Singleton(
                    new SweepSettings(new Dictionary<string, RefreshSchedule>(), new Dictionary<string, int>())
                )
            )
            .Replace(ServiceDescriptor.Singleton(incidents ?? new NoIncidents()))
            .BuildServiceProvider();
        _ = _services.GetRequiredService<DoubtfulTokens>().StartAsync(CancellationToken.None);
    }

    public ILedger Ledger { get; }

    /// <summary>What this process told.</summary>
    public LogRecorder Log { get; } = new();

    /// <summary>The clock that the process goes by.</summary>
    public HostClock Clock => _services.GetRequiredService<HostClock>();

    /// <summary>What the process knows of each connection.</summary>
    public ConnectionStates States => _services.GetRequiredService<ConnectionStates>();

    public FreshnessKeeper Keeper => _services.GetRequiredService<FreshnessKeeper>();

    /// <summary>A sweep over another directory, or with other settings.</summary>
    public RefreshSweep SweepOf(
        ConnectionDirectory directory,
        SweepSettings? settings = null,
        ConnectionReloader? reloader = null
    ) =>
        new(
            Keeper,
            directory,
            settings ?? Every(5),
            _services.GetRequiredService<CredentialExpiry>(),
            Clock,
            Logger<RefreshSweep>(),
            reloader
        );

    /// <summary>A sweep every so many minutes.</summary>
    public static SweepSettings Every(int minutes, int? concurrency = null) =>
        new(
            new Dictionary<string, RefreshSchedule>
            {
                [FakeVendor.VendorName] = RefreshSchedule.TryParse($"0 */{minutes} * * * *")!,
            },
            concurrency is { } set ? new Dictionary<string, int> { [FakeVendor.VendorName] = set } : []
        );

    public ILogger<T> Logger<T>() => _logs.CreateLogger<T>();

    public TokenBroker Broker => _services.GetRequiredService<TokenBroker>();

    public TenantTokens Tenants => _services.GetRequiredService<TenantTokens>();

    public LedgerPoller Poller => _services.GetRequiredService<LedgerPoller>();

    public RefreshSweep Sweep => _services.GetRequiredService<RefreshSweep>();

    public StatusReader Status => _services.GetRequiredService<StatusReader>();

    /// <summary>How the world's one connection is.</summary>
    public async Task<ConnectionStatus> StatusAsync() =>
        (await Status.ReadAsync(CancellationToken.None)).Connections.Single(status =>
            status.Connection == _world.Connection
        );

    public Task<AccessToken> GetAsync(TokenRequest query) =>
        Broker.GetAsync(_world.Connection, query, CancellationToken.None).AsTask();

    public Task<AccessToken> GetAsync() => GetAsync(new TokenRequest());

    public Task<AccessToken> GetAsync(double minimumLifetime) =>
        GetAsync(new TokenRequest { MinimumLifetime = TimeSpan.FromSeconds(minimumLifetime) });

    public Task<AccessToken> RejectAsync(AccessToken token) =>
        GetAsync(new TokenRequest { Rejected = token.Fingerprint });

    public Task<AccessToken> GetForTenantAsync(Guid tenant, TokenRequest query) =>
        Tenants.GetAsync(_world.Connection, tenant, query, CancellationToken.None);

    public Task<AccessToken> GetForTenantAsync(Guid tenant) => GetForTenantAsync(tenant, new TokenRequest());

    public Task<AccessToken> RefreshNowAsync() => Broker.RefreshNowAsync(_world.Connection, CancellationToken.None);

    public Task<AccessToken> EnrolAsync(string code) =>
        Broker.EnrolAsync(_world.Connection, new SecretText(code), CancellationToken.None);

    public Task<SignOutReport> SignOutAsync() => Broker.SignOutAsync(_world.Connection, CancellationToken.None);

    public Task<SweepReport> SweepAsync(double nextTickIn = 300) =>
        Sweep.RunAsync(
            _world.Vendor.Profile,
            _world.Now + TimeSpan.FromSeconds(nextTickIn),
            TimeSpan.Zero,
            CancellationToken.None
        );

    public Task DrainAsync() => Broker.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    /// <summary>The connection's record.</summary>
    public async Task<LedgerEntry> EntryAsync() =>
        await Ledger.ReadAsync(_world.Connection.Key, newest: true, CancellationToken.None);

    private sealed class NoIncidents : IIncidentListener
    {
        public void Heard(ConnectionKey connection, LedgerEntry entry)
        {
            // Nobody is told.
        }
    }
}
