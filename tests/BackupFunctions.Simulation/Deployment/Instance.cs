using BackupFunctions.Broker;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.KeyVault;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.State;
using BackupFunctions.Storage;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Simulation;

/// <summary>
/// One process of the deployment: the real objects, over a network, a clock and a lock of the simulation's.
/// </summary>
internal sealed class Instance
{
    private readonly World _world;
    private readonly InstanceContext _context;
    private readonly ServiceProvider _services;

    public Instance(World world, string name, TimeSpan clockAhead)
    {
        _world = world;
        Name = name;
        _context = new InstanceContext(world.Timeline, () => IsAlive);
        System = new SimulatedTime(world.Timeline, () => IsAlive) { Ahead = clockAhead };
        Time = new HostClock(System);
        _services = Compose(world).BuildServiceProvider();
        _ = _services.GetRequiredService<DoubtfulTokens>().StartAsync(CancellationToken.None);
        Broker = _services.GetRequiredService<TokenBroker>();
        Sweep = _services.GetRequiredService<RefreshSweep>();
    }

    public string Name { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it is being stopped: it gets no more calls.</summary>
    public bool IsDraining { get; set; }

    /// <summary>The host's own clocks.</summary>
    public SimulatedTime System { get; }

    /// <summary>The clock that everything in it goes by.</summary>
    public HostClock Time { get; }

    public TokenBroker Broker { get; }

    public RefreshSweep Sweep { get; }

    public IReadOnlyList<VendorProfile> Vendors =>
        [.. _world.Accounts.Select(account => account.Connection.Vendor).Distinct()];

    /// <summary>The tokens that were reported as rejected to this instance, and when.</summary>
    public Dictionary<string, DateTimeOffset> Rejected { get; } = new(StringComparer.Ordinal);

    /// <summary>When it was killed or had stopped; null while it lives.</summary>
    public DateTimeOffset? DiedAt { get; private set; }

    /// <summary>Runs code of the instance, in its context. What it does not expect itself must not happen.</summary>
    public void Run(Func<Task> code) => _context.Run(() => _ = WatchAsync(code));

    /// <summary>Looks through what the others noted.</summary>
    public void Look() => Run(() => _services.GetRequiredService<LedgerPoller>().PollAsync(CancellationToken.None));

    /// <summary>
    /// Ends it in the midst of whatever it does: nothing of it goes on, no timer fires, no answer arrives.
    /// </summary>
    public void Kill() => (IsAlive, DiedAt) = (false, _world.Now);

    private async Task WatchAsync(Func<Task> code)
    {
        try
        {
            await code();
        }
        catch (Exception exception)
        {
            _world.Checks.Violated($"{Name} broke: {exception}");
        }
    }

    /// <summary>Waits for what is under way, as a host does when it stops.</summary>
    public Task DrainAsync() => Broker.DrainAsync(TimeSpan.FromSeconds(25), CancellationToken.None);

    /// <summary>Core as hosts register it, but for what leads out of the process.</summary>
    private IServiceCollection Compose(World world)
    {
        var logs = new InstanceLogs(world, this);
        var vault = new VaultClient(world, this);
        var blobs = new LedgerBlobs(new LedgerContainer(world, this), logs.CreateLogger("ledger"));
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(logs)
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<RandomSource>(world.Chance)
            .AddBackupTokens(TestSettings.OnlyVault)
            .AddVendors()
            .Services;
        var network = new Func<HttpMessageHandler>(() => new InstanceHandler(world, this));
        services.Replace(
            ServiceDescriptor.Singleton(provider => new VendorHttp(
                provider.GetRequiredService<VendorClocks>(),
                world.Chance,
                Time
            )
            {
                Network = network,
            })
        );
        services.Replace(
            ServiceDescriptor.Singleton<IVendorClient>(provider => new WatchedVendors(
                ActivatorUtilities.CreateInstance<VendorClient>(provider),
                world,
                this
            ))
        );
        services.AddSingleton<ITokenStore>(
            new OutsideStore(
                new KeyVaultTokenStore(vault, vault, Time, logs.CreateLogger<KeyVaultTokenStore>()),
                world,
                this
            )
        );
        services.AddSingleton<ICredentialSource>(new OutsideCredentials(new KeyVaultCredentials(vault, Time)));
        services.Replace(
            ServiceDescriptor.Singleton<ILedger>(
                new OutsideLedger(new BlobLedger(blobs, Time, logs.CreateLogger<BlobLedger>()))
            )
        );
        services.Replace(ServiceDescriptor.Singleton<IRefreshLock>(new SimulatedLock(world, this)));
        services.Replace(
            ServiceDescriptor.Singleton(
                new ConnectionDirectory(VendorProfiles.BuiltIn, world.Accounts.Select(account => account.Connection))
            )
        );
        var everyFiveMinutes = RefreshSchedule.TryParse(RefreshSchedule.DefaultExpression)!;
        return services.Replace(
            ServiceDescriptor.Singleton(
                new SweepSettings(
                    VendorProfiles.BuiltIn.ToDictionary(profile => profile.Name, _ => everyFiveMinutes),
                    new Dictionary<string, int>(StringComparer.Ordinal)
                )
            )
        );
    }
}
