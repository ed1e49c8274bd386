using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.KeyVault;
using BackupFunctions.Renewal;
using BackupFunctions.SignIn;
using BackupFunctions.Storage;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Simulation;

/// <summary>One process of the deployment: the real objects, over a network, a clock and a lock of the simulation's.</summary>
internal sealed class Instance
{
    private readonly World _world;
    private readonly InstanceContext _context;
    private readonly LedgerPoller _watch;
    private readonly Dictionary<ConnectionKey, VendorConnection> _targets = [];

    public Instance(World world, string name)
    {
        _world = world;
        Name = name;
        _context = new InstanceContext(world.Timeline, () => IsAlive);
        Time = new SimulatedTime(world.Timeline, () => IsAlive);
        var logs = new InstanceLogs(world, this);
        var vault = new VaultClient(world, this);
        var store = new OutsideStore(new KeyVaultTokenStore(vault, vault, Time), world, this);
        var credentials = new OutsideCredentials(new KeyVaultCredentials(vault, Time));
        var ledger = new OutsideLedger(
            new BlobLedger(
                new LedgerBlobs(new LedgerContainer(world, this), logs.CreateLogger("ledger")),
                Time,
                logs.CreateLogger<BlobLedger>()
            )
        );
        var locks = new SimulatedLock(world, this);
        var record = new AttemptRecord(ledger, world.Chance, Time, logs.CreateLogger<AttemptRecord>());
        var rejections = new SharedRejections(ledger);
        var gate = new SignInGate(ledger, record, credentials, Time, logs.CreateLogger<SignInGate>());
        var saver = new TokenSaver(store, locks, ledger, Time, logs.CreateLogger<TokenSaver>());
        var renewal = new VendorRenewal(
            store,
            credentials,
            gate,
            record,
            saver,
            new RenewalOptions(),
            Time,
            logs.CreateLogger<VendorRenewal>()
        );
        var refresher = new TokenRefresher(
            store,
            locks,
            gate,
            rejections,
            renewal,
            saver,
            Time,
            logs.CreateLogger<TokenRefresher>()
        );
        var signOut = new SignOut(
            refresher,
            store,
            locks,
            credentials,
            record,
            rejections,
            ledger,
            Time,
            logs.CreateLogger<SignOut>()
        );
        Broker = new TokenBroker(refresher, signOut, Time, logs.CreateLogger<TokenBroker>());
        Vendors =
        [
            .. CreateVendors()
                .Where(vendor => world.Accounts.Any(account => account.Key.Vendor == vendor.Name))
                .Select(vendor => new WatchedVendor(vendor, world, this)),
        ];
        foreach (var account in world.Accounts)
        {
            _targets[account.Key] = new VendorConnection(
                Vendors.Single(vendor => vendor.Name == account.Key.Vendor),
                account.Connection
            );
        }

        var directory = new ConnectionDirectory(
            Vendors,
            _targets.Values,
            new Dictionary<string, RefreshSchedule>(StringComparer.Ordinal)
        );
        var expiry = new CredentialExpiry(credentials, ledger, Time, logs.CreateLogger<CredentialExpiry>());
        _watch = new LedgerPoller(Broker, ledger, Time, logs.CreateLogger<LedgerPoller>());
        Sweep = new RefreshSweep(Broker, directory, expiry, Time, logs.CreateLogger<RefreshSweep>());
    }

    public string Name { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it is being stopped: it gets no more calls.</summary>
    public bool IsDraining { get; set; }

    public TimeProvider Time { get; }

    public TokenBroker Broker { get; }

    public RefreshSweep Sweep { get; }

    public IReadOnlyList<IVendor> Vendors { get; }

    /// <summary>The tokens that were reported as rejected to this instance, and when.</summary>
    public Dictionary<string, DateTimeOffset> Rejected { get; } = new(StringComparer.Ordinal);

    public VendorConnection TargetOf(Account account) => _targets[account.Key];

    /// <summary>When it was killed or had stopped; null while it lives.</summary>
    public DateTimeOffset? DiedAt { get; private set; }

    /// <summary>Runs code of the instance, in its context. What it does not expect itself must not happen.</summary>
    public void Run(Func<Task> code) => _context.Run(() => _ = WatchAsync(code));

    /// <summary>Looks through what the others noted.</summary>
    public void Look() => Run(() => _watch.LookAsync(CancellationToken.None));

    /// <summary>Ends it in the midst of whatever it does: nothing of it goes on, no timer fires, no answer arrives.</summary>
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

    private IEnumerable<IVendor> CreateVendors()
    {
        var clocks = new VendorClocks(Time);
        var http = new VendorHttp(clocks, _world.Chance, Time) { Network = () => new InstanceHandler(_world, this) };
        var endpoint = new TokenEndpoint(http, Time);
        var sessions = new RevocationClient(http, Time);
        var discovery = new DiscoveryDocuments(http, Time);
        var codes = new OneTimeCodes(clocks, Time);
        yield return AcronisVendor.CyberProtect(endpoint);
        yield return AcronisVendor.CyberApp(endpoint);
        yield return new AvePointVendor(
            endpoint,
            sessions,
            discovery,
            new ClientAssertionSigner(clocks, _world.Chance)
        );
        yield return new BackupNetVendor(endpoint, sessions, discovery);
        yield return new VeeamVendor(new VeeamTokenEndpoint(endpoint, sessions, codes), codes);
    }
}
