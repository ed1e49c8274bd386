using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class HandingOutTests
{
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_first_call_asks_the_vault_then_the_lock_then_the_vault_again_then_the_vendor()
    {
        var token = await _world.Process.GetAsync();

        Assert.Equal(_world.Now + TimeSpan.FromHours(1), token.ExpiresAt);
        Assert.Equal((2, 1, 1), (_world.Store.Reads, _world.Locks.Acquired, _world.Vendor.Calls));
        Assert.Equal(token.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task One_renewal_costs_one_write()
    {
        await _world.Process.GetAsync();

        Assert.Equal([_world.Connection.TokenSecretName], _world.Store.Writes);
    }

    [Fact]
    public async Task A_warm_hit_makes_no_call_of_any_kind()
    {
        var first = await _world.Process.GetAsync();
        var (reads, locks, vaultReads) = (_world.Store.Reads, _world.Locks.Acquired, _world.Credentials.VaultReads);

        var second = await _world.Process.GetAsync();

        Assert.Same(first, second);
        Assert.Equal(
            (reads, locks, vaultReads, 1),
            (_world.Store.Reads, _world.Locks.Acquired, _world.Credentials.VaultReads, _world.Vendor.Calls)
        );
    }

    [Fact]
    public async Task A_warm_hit_allocates_nothing()
    {
        await _world.Process.GetAsync();
        var (broker, target, query) = (_world.Process.Broker, _world.Connection, new TokenRequest());
        var missed = Missed(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        missed += Missed(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((0, 0), (missed, allocated));

        int Missed(int calls)
        {
            var notAtOnce = 0;
            for (var i = 0; i < calls; i++)
            {
                notAtOnce += IsThereAtOnce(broker.GetAsync(target, query, CancellationToken.None)) ? 0 : 1;
            }

            return notAtOnce;
        }

        static bool IsThereAtOnce(ValueTask<AccessToken> call) => call.IsCompletedSuccessfully;
    }

    [Fact]
    public async Task A_cold_hit_costs_one_vault_read_and_nothing_else()
    {
        _world.Store.Put(_world.Connection, _world.ForeignToken());

        var token = await _world.Process.GetAsync();

        Assert.Equal("foreign-access-token", token.Reveal());
        Assert.Equal((1, 0, 0), (_world.Store.Reads, _world.Locks.Acquired, _world.Vendor.Calls));
    }

    [Fact]
    public async Task A_dead_token_in_the_vault_is_not_handed_out()
    {
        _world.Store.Put(_world.Connection, _world.ForeignToken(age: 3600, lifetime: 3600));

        var token = await _world.Process.GetAsync();

        Assert.NotEqual("foreign-access-token", token.Reveal());
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.VaultUnavailable)]
    [InlineData(FailureKind.VaultAccessDenied)]
    public async Task A_token_vault_that_fails_keeps_no_vendor_from_granting_a_token(FailureKind outage)
    {
        _world.Store.Outage = outage;

        var first = await _world.Process.GetAsync();
        var second = await _world.Process.GetAsync();

        Assert.Same(first, second);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task What_the_vault_did_not_take_is_saved_when_it_is_back()
    {
        _world.Store.Outage = FailureKind.VaultUnavailable;
        var token = await _world.Process.GetAsync();
        _world.Store.Outage = null;

        await _world.AdvanceUntilAsync(() => _world.Store.Writes.Count > 0);

        Assert.Equal(token.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task A_thousand_concurrent_first_calls_make_one_vendor_call()
    {
        var held = _world.Vendor.HoldsOnce();
        var calls = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _world.Process.GetAsync())).ToList();
        await held.Entered;

        held.Release();
        var tokens = await Task.WhenAll(calls);

        Assert.Single(tokens.Distinct());
        Assert.Equal((1, 1), (_world.Vendor.Calls, _world.Store.Writes.Count));
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_make_one_vendor_call()
    {
        var other = _world.StartProcess();
        var held = _world.Vendor.HoldsOnce();
        var first = _world.Process.GetAsync();
        await held.Entered;
        var second = other.GetAsync();

        held.Release();

        Assert.Equal((await first).Fingerprint, (await second).Fingerprint);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_callers_cancellation_ends_its_wait_and_not_the_renewal()
    {
        using var caller = new CancellationTokenSource();
        var held = _world.Vendor.HoldsOnce();
        var gone = _world.Process.Broker.GetAsync(_world.Connection, new TokenRequest(), caller.Token).AsTask();
        var patient = _world.Process.GetAsync();
        await held.Entered;

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        held.Release();

        Assert.NotNull(await patient);
        Assert.Equal((1, 1), (_world.Vendor.Calls, _world.Store.Writes.Count));
    }

    [Fact]
    public async Task A_failure_reaches_everybody_who_waits_and_the_vendor_is_asked_once()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        var gate = new HeldCall();
        _world.Store.BeforeRead = gate.EnterAsync;
        var calls = Enumerable.Range(0, 20).Select(_ => _world.Process.GetAsync()).ToList();
        await gate.Entered;

        gate.Release();

        foreach (var call in calls)
        {
            await Failing.With(FailureKind.VendorUnavailable, call);
        }

        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Names_and_sessions_of_two_connections_are_kept_apart()
    {
        var world = new TokenWorld(furtherConnections: "second");

        var first = await world.Process.GetAsync();
        var second = await world.Process.Broker.GetAsync(
            world.Connections[1],
            new TokenRequest(),
            CancellationToken.None
        );

        Assert.NotEqual(first.Fingerprint, second.Fingerprint);
        Assert.Equal(["default", "second"], world.Vendor.SignedIn);
    }

    [Fact]
    public async Task A_lifetime_counts_from_when_the_request_was_sent()
    {
        var sentAt = _world.Now;
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;
        _world.Advance(20);

        held.Release();

        Assert.Equal(sentAt, (await call).IssuedAt);
    }

    [Fact]
    public async Task A_sign_in_that_breaks_off_is_a_failure_that_backs_off_and_not_a_loop()
    {
        _world.Vendor.BreaksOnce(new FormatException("A reply that nobody foresaw."));

        await Failing.With(FailureKind.VendorReplyUnusable, _world.Process.GetAsync());
        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Equal(1, _world.Vendor.Calls);
    }
}
