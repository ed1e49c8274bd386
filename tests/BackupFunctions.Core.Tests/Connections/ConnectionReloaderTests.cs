using System.Runtime.CompilerServices;
using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Renewal;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Connections;

public sealed class ConnectionReloaderTests : IDisposable
{
    private readonly TokenWorld _world = new();
    private readonly FakeSource _source = new();
    private readonly RemovalRecorder _listener = new();
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _logs;
    private readonly ConnectionDirectory _directory;
    private readonly ConnectionReloader _news;

    public ConnectionReloaderTests()
    {
        _logs = LoggerFactory.Create(logging => logging.AddProvider(_log).AddSuiteLog());
        _directory = new ConnectionDirectory([_world.Vendor.Profile], _world.Connections);
        _news = new ConnectionReloader(
            _directory,
            _world.Time,
            _logs.CreateLogger<ConnectionReloader>(),
            _source,
            [_listener, _world.Process.States]
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task A_connection_of_the_settings_is_found_without_a_reading_and_at_once()
    {
        var found = _news.FindAsync(_world.Vendor.Profile, "DEFAULT", Cancel);

        Assert.True(found.IsCompleted);
        Assert.Same(_world.Connection, await found);
        Assert.Equal(0, _source.Readings);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_delays_no_reading_and_no_look_up()
    {
        var time = new SteppedTime(_world.Time) { Ahead = TimeSpan.FromHours(1) };
        var logger = _logs.CreateLogger<ConnectionReloader>();
        var news = new ConnectionReloader(_directory, time, logger, _source, [_listener]);
        await news.FindAsync(_world.Vendor.Profile, "contoso", Cancel);

        time.Ahead = TimeSpan.Zero;
        _world.Advance(30);
        _source.Add(_world, "fabrikam");
        await news.FindAsync(_world.Vendor.Profile, "contoso", Cancel);

        Assert.Equal(2, _source.Readings);
        Assert.Equal(["contoso", "contoso"], _source.Looks.Select(key => key.Connection));
    }

    [Fact]
    public async Task A_new_connection_works_at_once()
    {
        var target = _source.Add(_world, "contoso");

        Assert.Same(target, await FindAsync("Contoso"));
        Assert.Same(
            target,
            Assert.Single(_directory.Of(_world.Vendor.Profile), known => known.Key.Connection == "contoso")
        );
        Assert.Same(_world.Connection, _directory.Find(_world.Vendor.Profile, "default"));
    }

    [Fact]
    public async Task Unknown_names_make_it_read_at_most_once_in_thirty_seconds()
    {
        Assert.Null(await FindAsync("contoso"));
        Assert.Null(await FindAsync("fabrikam"));
        _source.Add(_world, "contoso");
        _world.Advance(29);
        Assert.Null(await FindAsync("contoso"));
        var within = _source.Readings;
        _world.Advance(1);

        Assert.NotNull(await FindAsync("contoso"));
        Assert.Equal((1, 2), (within, _source.Readings));
    }

    [Fact]
    public async Task What_can_be_no_name_is_not_looked_for()
    {
        Assert.Null(await FindAsync("no-name"));
        Assert.Null(await FindAsync(new string('x', 41)));

        Assert.Equal((0, 0), (_source.Readings, _source.Looks.Count));
    }

    [Fact]
    public async Task A_connection_saved_since_the_last_reading_is_found_by_its_name()
    {
        Assert.Null(await FindAsync("fabrikam"));
        var target = _source.AddUnlisted(_world, "contoso");

        Assert.Same(target, await FindAsync("Contoso"));
        Assert.Equal(1, _source.Readings);
    }

    [Fact]
    public async Task A_connection_saved_a_moment_after_it_was_asked_for_is_found_within_three_seconds()
    {
        Assert.Null(await FindAsync("contoso"));
        _source.AddUnlisted(_world, "contoso");
        _world.Advance(2.9);
        var before = await FindAsync("contoso");
        _world.Advance(0.1);

        Assert.Null(before);
        Assert.NotNull(await FindAsync("contoso"));
    }

    [Fact]
    public async Task A_name_is_looked_for_once_in_three_seconds_whoever_asks()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await FindAsync("contoso"));
            _world.Advance(0.1);
        }

        Assert.InRange(_source.Looks.Count, 2, 4);
    }

    [Fact]
    public async Task Of_many_unknown_names_twenty_in_ten_seconds_are_looked_for_and_the_others_told_to_come_back()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(await FindAsync($"name{i}"));
        }

        var failure = (await Assert.ThrowsAsync<TokenException>(() => FindAsync("contoso"))).Failure;
        var looks = _source.Looks.Count;
        _world.Advance(failure.RetryAfter!.Value.TotalSeconds);

        Assert.Null(await FindAsync("contoso"));
        Assert.Equal((FailureKind.VaultUnavailable, 20), (failure.Kind, looks));
        Assert.Equal("contoso", _source.Looks[^1].Connection);
    }

    [Fact]
    public async Task While_the_vault_cannot_be_asked_for_a_name_nobody_says_that_there_is_none()
    {
        Assert.Null(await FindAsync("fabrikam"));
        var wait = TimeSpan.FromSeconds(45);
        _source.LookFailure = new TokenFailure(FailureKind.VaultUnavailable, "It is busy.") { RetryAfter = wait };

        var failure = (await Assert.ThrowsAsync<TokenException>(() => FindAsync("contoso"))).Failure;

        Assert.Equal((FailureKind.VaultUnavailable, wait), (failure.Kind, failure.RetryAfter));
        Assert.Contains("It is busy.", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_that_never_ends_keeps_its_caller_five_seconds()
    {
        var held = _source.HoldLooks();
        var asked = FindAsync("contoso");
        await held.Entered;
        _world.Advance(5);

        await Assert.ThrowsAsync<TokenException>(() => asked);
        held.Release();
    }

    [Fact]
    public async Task Many_who_ask_wait_for_one_reading()
    {
        _source.Add(_world, "contoso");
        var held = _source.Hold();
        var asked = Enumerable.Range(0, 50).Select(_ => FindAsync("contoso")).ToList();
        await held.Entered;

        held.Release();

        Assert.All(await Task.WhenAll(asked), Assert.NotNull);
        Assert.Equal(1, _source.Readings);
    }

    [Fact]
    public async Task What_a_long_reading_has_found_serves_before_it_ends()
    {
        _source.Add(_world, "contoso");
        var held = _source.HoldAfterFirst();
        var asked = FindAsync("contoso");
        await held.Entered;

        Assert.NotNull(await asked);
        held.Release();
    }

    [Fact]
    public async Task Who_has_waited_five_seconds_is_told_to_come_back_and_the_reading_goes_on()
    {
        _source.Add(_world, "contoso");
        var held = _source.Hold();
        var asked = FindAsync("contoso");
        await held.Entered;
        _world.Advance(5);

        var failure = (await Assert.ThrowsAsync<TokenException>(() => asked)).Failure;
        held.Release();
        await _news.EnsureReadAsync(TimeSpan.FromMinutes(5), Cancel);

        Assert.Equal(FailureKind.VaultUnavailable, failure.Kind);
        Assert.NotNull(failure.RetryAfter);
        Assert.NotNull(_directory.Find(_world.Vendor.Profile, "contoso"));
    }

    [Fact]
    public async Task While_a_vault_was_never_read_nobody_says_that_there_is_no_such_connection()
    {
        _source.Failure = new TokenFailure(FailureKind.VaultUnavailable, "It is down.");

        var before = (await Assert.ThrowsAsync<TokenException>(() => FindAsync("contoso"))).Failure;
        _source.Failure = null;
        _world.Advance(60);
        var read = await FindAsync("contoso");
        _source.Failure = new TokenFailure(FailureKind.VaultUnavailable, "It is down.");
        _world.Advance(60);
        var after = await FindAsync("contoso");

        Assert.Equal(FailureKind.VaultUnavailable, before.Kind);
        Assert.Contains("It is down.", before.Detail, StringComparison.Ordinal);
        Assert.Null(read);
        Assert.Null(after);
    }

    [Fact]
    public async Task A_vault_that_is_down_or_breaks_keeps_the_last_known()
    {
        var target = _source.Add(_world, "contoso");
        await FindAsync("contoso");
        foreach (var failure in new TokenFailure?[] { new(FailureKind.VaultUnavailable, "It is down."), null })
        {
            (_source.Failure, _source.Breaks) = (failure, failure is null);
            _world.Advance(300);
            await _news.EnsureReadAsync(TimeSpan.FromMinutes(5), Cancel);
        }

        Assert.Same(target, _directory.Find(_world.Vendor.Profile, "contoso"));
        Assert.Equal([5003, 5005], Ids());
    }

    [Fact]
    public async Task A_vault_that_may_not_be_listed_is_reported_once_an_hour_and_is_no_fault()
    {
        _source.Failure = new TokenFailure(FailureKind.VaultAccessDenied, "It says 403.");

        for (var i = 0; i < 61; i++)
        {
            Assert.Null(await FindAsync("contoso"));
            _world.Advance(60);
        }

        Assert.Equal([5004, 5004], Ids());
    }

    [Fact]
    public async Task What_is_gone_is_unknown_from_the_next_reading_on()
    {
        var target = _source.Add(_world, "contoso");
        await FindAsync("contoso");
        _source.Connections = [];
        _world.Advance(300);

        await _news.EnsureReadAsync(TimeSpan.FromMinutes(5), Cancel);

        Assert.Null(_directory.Find(_world.Vendor.Profile, "contoso"));
        Assert.Equal([(target, false)], _listener.Removed);
    }

    [Fact]
    public async Task The_host_reads_every_two_minutes_and_what_is_gone_is_forgotten()
    {
        var process = _world.Process;
        var target = _source.Add(_world, "contoso");
        using var timer = new ConnectionReloadService(_news, _world.Time);
        await timer.StartAsync(Cancel);
        await UntilAsync(() => _directory.Find(_world.Vendor.Profile, "contoso") is not null);
        await process.Broker.GetAsync(target, new TokenRequest(), Cancel);
        var reads = _world.Store.Reads;
        _source.Connections = [];

        await _world.AdvanceUntilAsync(() => _directory.Find(_world.Vendor.Profile, "contoso") is null);
        await _news.EnsureReadAsync(TimeSpan.FromMinutes(5), Cancel);
        await timer.StopAsync(Cancel);
        await process.Broker.GetAsync(target, new TokenRequest(), Cancel);

        Assert.InRange(
            _world.Now - new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero),
            TimeSpan.FromSeconds(120),
            TimeSpan.FromSeconds(240)
        );
        Assert.True(_world.Store.Reads > reads, "The token was still in memory.");
    }

    [Fact]
    public async Task A_sweep_first_reads_what_nobody_has_read_for_five_minutes()
    {
        _source.Add(_world, "contoso");
        var sweep = _world.Process.SweepOf(_directory, reloader: _news);

        var report = await sweep.RunAsync(
            _world.Vendor.Profile,
            _world.Now + TimeSpan.FromMinutes(5),
            TimeSpan.Zero,
            Cancel
        );
        await sweep.RunAsync(_world.Vendor.Profile, _world.Now + TimeSpan.FromMinutes(5), TimeSpan.Zero, Cancel);

        Assert.Equal(2, report.Renewed);
        Assert.Equal(1, _source.Readings);
    }

    [Fact]
    public async Task A_sweep_leaves_out_what_is_gone_since_it_began()
    {
        _source.Add(_world, "zulu");
        var directory = new ConnectionDirectory([_world.Vendor.Profile], _world.Connections);
        directory.Replace(_source.Connections);
        _world.Vendor.BeforeGrant = () => directory.Replace([]);
        var sweep = _world.Process.SweepOf(directory, TokenProcess.Every(5, concurrency: 1));

        await sweep.RunAsync(_world.Vendor.Profile, _world.Now + TimeSpan.FromMinutes(5), TimeSpan.Zero, Cancel);

        Assert.Equal(["default"], _world.Vendor.SignedIn);
    }

    [Fact]
    public async Task A_changed_connection_gets_nothing_that_was_kept_for_the_old_one_and_an_unchanged_one_keeps_it()
    {
        var broker = _world.Process.Broker;
        var old = _source.Add(_world, "contoso");
        await FindAsync("contoso");
        var kept = await broker.GetAsync(old, new TokenRequest(), Cancel);
        _directory.Replace([.. _source.Connections]);
        var reads = _world.Store.Reads;
        var again = await broker.GetAsync(
            _directory.Find(_world.Vendor.Profile, "contoso")!,
            new TokenRequest(),
            Cancel
        );
        var readsAgain = _world.Store.Reads;
        _directory.Replace([FakeSource.Of(_world, "contoso")]);

        await broker.GetAsync(_directory.Find(_world.Vendor.Profile, "contoso")!, new TokenRequest(), Cancel);

        Assert.Same(kept, again);
        Assert.Equal(reads, readsAgain);
        Assert.True(_world.Store.Reads > reads, "The other connection got the old one's session.");
    }

    [Fact]
    public async Task A_connection_that_is_changed_during_a_sign_in_does_not_sign_in_beside_it()
    {
        var process = new TokenProcess(_world, new RenewalOptions(), new InMemoryLedger(), new InProcessRefreshLock());
        var (old, changed) = (FakeSource.Of(_world, "contoso"), FakeSource.Of(_world, "contoso"));
        var held = _world.Vendor.HoldsOnce();
        var first = process.Broker.GetAsync(old, new TokenRequest(), Cancel).AsTask();
        await held.Entered;
        _world.Advance(1);

        var second = process.Broker.RefreshNowAsync(changed, Cancel);
        var scoped = process.Tenants.GetAsync(changed, Guid.Empty, new TokenRequest(), Cancel);
        for (var i = 0; i < 1_000; i++)
        {
            await Task.Yield();
        }

        var callsWhileHeld = _world.Vendor.Calls;
        held.Release();
        await Task.WhenAll(first, second, scoped);

        Assert.Equal(1, callsWhileHeld);
        Assert.Equal((2, 1), (_world.Vendor.Calls, _world.Vendor.MostAtOnce));
    }

    private Task<Connection?> FindAsync(string name) => _news.FindAsync(_world.Vendor.Profile, name, Cancel).AsTask();

    private IEnumerable<int> Ids() => _log.Events.Select(one => one.EventId.Id).Where(id => id is >= 5000 and < 6000);

    private static async Task UntilAsync(Func<bool> hasHappened)
    {
        for (var i = 0; !hasHappened(); i++)
        {
            Assert.True(i < 1_000_000, "What was waited for did not happen.");
            await Task.Yield();
        }
    }

    private sealed class RemovalRecorder : IConnectionListener
    {
        public List<(Connection Connection, bool IsReplaced)> Removed { get; } = [];

        void IConnectionListener.Removed(Connection connection, bool isReplaced) =>
            Removed.Add((connection, isReplaced));
    }

    private sealed class FakeSource : IConnectionSource
    {
        private HeldCall? _held;
        private HeldCall? _heldAfterFirst;
        private int _readings;

        private readonly List<Connection> _unlisted = [];
        private HeldCall? _heldLooks;

        public IReadOnlyList<Connection> Connections { get; set; } = [];

        public IReadOnlyList<Connection> Known => [.. Connections, .. _unlisted];

        /// <summary>What was looked for by its name, in order.</summary>
        public List<ConnectionKey> Looks { get; } = [];

        public TokenFailure? LookFailure { get; set; }

        public TokenFailure? Failure { get; set; }

        public bool Breaks { get; set; }

        public int Readings => Volatile.Read(ref _readings);

        public static Connection Of(TokenWorld world, string name) => FakeConnection.Named(name, world.Vendor.Profile);

        public Connection Add(TokenWorld world, string name)
        {
            Connections = [.. Connections, Of(world, name)];
            return Connections[^1];
        }

        /// <summary>What a reading does not list yet.</summary>
        public Connection AddUnlisted(TokenWorld world, string name)
        {
            _unlisted.Add(Of(world, name));
            return _unlisted[^1];
        }

        public async Task<bool> LookAsync(ConnectionKey key, CancellationToken cancellationToken)
        {
            Looks.Add(key);
            await (_heldLooks?.EnterAsync() ?? Task.CompletedTask);
            return LookFailure is { } failure
                ? throw new TokenException(failure)
                : _unlisted.Exists(unlisted => unlisted.Key == key);
        }

        public HeldCall HoldLooks() => _heldLooks = new HeldCall();

        public HeldCall Hold() => _held = new HeldCall();

        public HeldCall HoldAfterFirst() => _heldAfterFirst = new HeldCall();

        public async IAsyncEnumerable<IReadOnlyList<Connection>> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _readings);
            await (_held?.EnterAsync() ?? Task.CompletedTask);
            if (Failure is { } failure)
            {
                throw new TokenException(failure);
            }

            if (Breaks)
            {
                throw new InvalidOperationException("Nobody foresaw this.");
            }

            yield return [.. Connections];
            await (_heldAfterFirst?.EnterAsync() ?? Task.CompletedTask);
            yield return [.. Connections];
        }
    }
}
