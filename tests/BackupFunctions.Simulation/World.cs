using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Simulation;

/// <summary>Everything in one seed: the servers, the instances, their callers, the storms and the checks.</summary>
internal sealed class World
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly Uri VaultAddress = new("https://vault.emulator.test/");

    private readonly Queue<string> _lately = new();
    private readonly Dictionary<string, Server> _servers = new(StringComparer.Ordinal);
    private readonly TextWriter? _trace;
    private ulong _hash = 14695981039346656037;

    public World(int seed, TextWriter? trace = null, string? spendsTwice = null)
    {
        Seed = seed;
        SpendsTwice = spendsTwice;
        _trace = trace;
        Timeline = new Timeline(seed, Start);

        // Scrambled, because Random begins much alike for neighbouring seeds: few would have the same vendors.
        Chance = new SeededRandom((int)BitOperations.Crc32C(0, (uint)seed)) { BeforeDraw = Timeline.EnsureOnThread };
        Network = new Network(this);
        Checks = new Checks(this);
        Locks = new LockService(this);
        var options = new EmulatorOptions { Time = new SimulatedTime(Timeline, static () => true), Seed = seed };
        options.Credentials = EmulatedCredentials.Generate(options.Time, seed) with
        {
            AvePointCertificate = Certificates.At(0),
        };
        Vault = new KeyVaultEmulator(options) { BaseAddress = VaultAddress };
        Accounts = new AccountFactory(Chance, options, Vault).Create();
        foreach (var account in Accounts)
        {
            Add(
                account.Vendor.BaseAddress,
                new Server(account.Vendor.Name, call => EmulatorAnswers.Of(account.Vendor, call))
            );
            Checks.Watch(account, ServerOf(account.Vendor.BaseAddress));
        }

        Instances = new Deployment(this);
        Traffic = new Traffic(this);
        Weather = new Weather(this);
        Operator = new Operator(this);
        SignOuts = new SignOuts(this);
    }

    public int Seed { get; }

    /// <summary>
    /// A planted fault, which the checks must report: the vendor whose refresh tokens are all sent twice; null for
    /// none.
    /// </summary>
    public string? SpendsTwice { get; }

    public Timeline Timeline { get; }

    /// <summary>All chance of one seed: a replay draws the same in the same order.</summary>
    public SeededRandom Chance { get; }

    public Network Network { get; }

    public Checks Checks { get; }

    public LockService Locks { get; }

    public BlobStorage Storage { get; } = new();

    public KeyVaultEmulator Vault { get; }

    public IReadOnlyList<Account> Accounts { get; }

    public Deployment Instances { get; }

    public Traffic Traffic { get; }

    public Weather Weather { get; }

    public Operator Operator { get; }

    public SignOuts SignOuts { get; }

    public Figures Figures { get; } = new();

    public List<string> Violations { get; } = [];

    public DateTimeOffset Now => Timeline.Now;

    public bool IsTraced => _trace is not null;

    public Server VaultServer { get; } = new("vault");

    public Server StorageServer { get; } = new("storage");

    /// <summary>A hash of the trace, which a replay must reproduce.</summary>
    public string TraceHash => _hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    public Server ServerOf(Uri address) => _servers[address.Host];

    /// <summary>Schedules an event; skips it if its instance, where it has one, is dead by then.</summary>
    public void In(TimeSpan wait, Instance? of, Action happen) =>
        Timeline.In(
            wait,
            of is null
                ? happen
                : () =>
                {
                    if (of.IsAlive)
                    {
                        happen();
                    }
                }
        );

    /// <summary>Puts an event into the trace.</summary>
    public void Note(string what)
    {
        var line = $"{Now:yyyy-MM-dd HH:mm:ss.fff} {what}";
        foreach (var letter in MemoryMarshal.AsBytes(line.AsSpan()))
        {
            _hash = (_hash ^ letter) * 1099511628211;
        }

        Tell(line);
    }

    /// <summary>
    /// Adds to the trace that people read, not to the hash: log lines contain token fingerprints, and signatures
    /// differ.
    /// </summary>
    public void Tell(string line)
    {
        _trace?.WriteLine(line);
        _lately.Enqueue(line);
        if (_lately.Count > 60)
        {
            _lately.Dequeue();
        }
    }

    public string Lately() => new StringBuilder().AppendJoin(Environment.NewLine, _lately).ToString();

    private void Add(Uri address, Server server) => _servers[address.Host] = server;
}
