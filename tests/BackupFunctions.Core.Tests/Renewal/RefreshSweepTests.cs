using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

public sealed class RefreshSweepTests
{
    /// <summary>How many connections are renewed at once unless a vendor or a setting says otherwise.</summary>
    private const int Concurrency = 16;

    private readonly TokenWorld _world = new(furtherConnections: ["second", "third"]);

    [Fact]
    public async Task A_first_sweep_obtains_the_tokens_of_all_connections()
    {
        var report = await _world.Process.SweepAsync();

        Assert.Equal((3, 0, 0), (report.Renewed, report.Fresh, report.Waiting));
        Assert.Equal(["default", "second", "third"], _world.Vendor.SignedIn.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2399, 0)]
    [InlineData(2400, 3)]
    [InlineData(2700, 3)]
    public async Task A_sweep_renews_what_enters_its_window_before_the_next_tick(int age, int renewed)
    {
        await _world.Process.SweepAsync();
        _world.Advance(age);

        var report = await _world.Process.SweepAsync(nextTickIn: 300);

        Assert.Equal((renewed, 3 - renewed), (report.Renewed, report.Fresh));
        Assert.Equal(3 + renewed, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_sweep_is_content_with_what_another_process_has_renewed()
    {
        await _world.Process.SweepAsync();
        var other = _world.StartProcess();
        await other.SweepAsync();
        _world.Advance(2500);
        await other.SweepAsync();

        await _world.Process.SweepAsync();

        Assert.Equal(6, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_sweep_renews_a_token_of_another_process_that_enters_its_window_before_the_next_tick()
    {
        var world = new TokenWorld();
        await world.Process.SweepAsync();
        world.Advance(2500);
        world.Store.Put(world.Connection, world.ForeignToken(age: 2450));

        await world.Process.SweepAsync();

        Assert.Equal(2, world.Vendor.Calls);
    }

    [Fact]
    public async Task A_sweep_that_joins_a_callers_renewal_goes_on_if_that_brought_too_little()
    {
        var world = new TokenWorld();
        world.Store.Put(world.Connection, world.ForeignToken(age: 2500));
        var reading = new HeldCall();
        world.Store.BeforeRead = reading.EnterAsync;
        var call = world.Process.GetAsync();
        await reading.Entered;
        var keepingFresh = world.Process.Keeper.KeepFreshAsync(
            world.Connection,
            world.Now + TimeSpan.FromSeconds(300),
            TimeSpan.Zero,
            CancellationToken.None
        );

        reading.Release();

        Assert.True(await keepingFresh);
        Assert.Equal("foreign-access-token", (await call).Reveal());
        Assert.Equal(1, world.Vendor.Calls);
    }

    [Fact]
    public async Task A_token_whose_whole_life_is_shorter_than_the_tick_is_renewed_once_in_each_sweep()
    {
        _world.Vendor.Lifetime = TimeSpan.FromSeconds(200);

        await _world.Process.SweepAsync();
        _world.Advance(300);
        await _world.Process.SweepAsync();

        Assert.Equal(6, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.VendorUnavailable)]
    [InlineData(FailureKind.CredentialsRefused)]
    [InlineData(FailureKind.CredentialMissing)]
    public async Task A_connection_that_fails_stops_no_other_and_is_named(FailureKind kind)
    {
        _world.Vendor.FailsOnce(kind);

        var thrown = await Assert.ThrowsAsync<RefreshSweepException>(() => _world.Process.SweepAsync());

        var failed = Assert.Single(thrown.Reports[0].Failed);
        Assert.Equal((2, kind), (thrown.Reports[0].Renewed, failed.Failure.Kind));
        Assert.Contains($"{failed.Connection}: {kind}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_who_failed_are_named_in_order()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");

        var thrown = await Assert.ThrowsAsync<RefreshSweepException>(() => _world.Process.SweepAsync());

        Assert.Equal(
            ["default", "second", "third"],
            thrown.Reports[0].Failed.Select(failure => failure.Connection.Connection)
        );
        Assert.Contains("3 of fake's connections", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_fault_that_nobody_foresaw_stops_no_other_connection(Type fault)
    {
        var faults = 0;
        _world.Store.BeforeRead = () =>
            Interlocked.Increment(ref faults) == 1
                ? throw (Exception)Activator.CreateInstance(fault)!
                : Task.CompletedTask;

        var thrown = await Assert.ThrowsAsync<RefreshSweepException>(() => _world.Process.SweepAsync());

        Assert.Equal((2, 1), (thrown.Reports[0].Renewed, thrown.Reports[0].Failed.Count));
    }

    [Fact]
    public async Task Connections_that_wait_are_not_failed()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.CredentialsRefused, "It refuses.");
        await Assert.ThrowsAsync<RefreshSweepException>(() => _world.Process.SweepAsync());

        var report = await _world.Process.SweepAsync();

        Assert.Equal((3, 0), (report.Waiting, report.Failed.Count));
        Assert.Equal(3, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Sweeps_of_one_vendor_never_overlap()
    {
        var held = _world.Vendor.HoldsOnce();
        var first = _world.Process.SweepAsync();
        await held.Entered;

        var second = await _world.Process.SweepAsync();
        held.Release();
        var third = await AfterAsync(first);

        Assert.True(second.WasSkipped);
        Assert.False((await first).WasSkipped);
        Assert.False(third.WasSkipped);

        async Task<SweepReport> AfterAsync(Task<SweepReport> sweep)
        {
            await sweep;
            return await _world.Process.SweepAsync();
        }
    }

    [Fact]
    public async Task A_sweep_that_failed_does_not_keep_the_next_one_out()
    {
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await Assert.ThrowsAsync<RefreshSweepException>(() => _world.Process.SweepAsync());

        Assert.False((await _world.Process.SweepAsync()).WasSkipped);
    }

    [Fact]
    public async Task A_sweep_renews_a_bounded_number_at_once()
    {
        var names = Enumerable.Range(0, 40).Select(i => $"c{i}").ToArray();
        var world = new TokenWorld(furtherConnections: names);
        var held = Enumerable.Range(0, Concurrency).Select(_ => world.Vendor.HoldsOnce()).ToList();

        var sweep = world.Process.SweepAsync();
        await Task.WhenAll(held.Select(call => call.Entered));
        held.ForEach(call => call.Release());
        await sweep;

        Assert.Equal((Concurrency, 41), (world.Vendor.MostAtOnce, world.Vendor.Calls));
    }

    [Fact]
    public async Task A_cancelled_sweep_begins_no_further_renewals_and_ends_none()
    {
        using var host = new CancellationTokenSource();
        var world = new TokenWorld(furtherConnections: [.. Enumerable.Range(0, 40).Select(i => $"c{i}")]);
        var held = Enumerable.Range(0, Concurrency).Select(_ => world.Vendor.HoldsOnce()).ToList();
        var sweep = world.Process.Sweep.RunAsync(world.Vendor.Profile, world.Now, TimeSpan.Zero, host.Token);
        await Task.WhenAll(held.Select(call => call.Entered));

        await host.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
        held.ForEach(call => call.Release());
        await world.Process.DrainAsync();

        Assert.Equal((Concurrency, Concurrency), (world.Vendor.Calls, world.Store.Writes.Count));
    }
}
