using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class CallerWaitTests
{
    private static readonly Guid Tenant = new("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11");
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_renewal_goes_on_without_the_caller_whose_time_has_run_out()
    {
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;

        _world.Advance(30);
        var failure = (await Assert.ThrowsAsync<TokenException>(() => call)).Failure;
        held.Release();
        await _world.Process.DrainAsync();

        Assert.Equal((FailureKind.VendorUnavailable, true), (failure.Kind, failure.WasNotTried));
        Assert.Contains("has taken more than 30 s and continues", failure.Problem, StringComparison.Ordinal);
        Assert.Null((await _world.Process.EntryAsync()).LastFailure);
        Assert.NotNull(await _world.Process.GetAsync());
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task The_wait_that_is_asked_for_covers_the_back_off_that_would_follow()
    {
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
        _world.Advance(30);
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;

        _world.Advance(30);

        // Ten more seconds for the vendor, and 60 s after a second failure.
        Assert.Equal(TimeSpan.FromSeconds(70), (await Failing.With(FailureKind.VendorUnavailable, call)).RetryAfter);
        held.Release();
    }

    [Fact]
    public async Task A_caller_whom_the_vault_or_another_process_keeps_waiting_is_not_told_that_the_vendor_does()
    {
        var held = new HeldCall();
        _world.Store.BeforeRead = held.EnterAsync;
        var call = _world.Process.GetAsync();
        await held.Entered;

        _world.Advance(30);

        var failure = await Failing.With(FailureKind.BackingOff, call);
        Assert.Contains("Another process, or the vault, delays it.", failure.Problem, StringComparison.Ordinal);
        Assert.True(failure.RetryAfter > TimeSpan.Zero);
        held.Release();
    }

    [Fact]
    public async Task An_operators_refresh_waits_no_longer()
    {
        await _world.Process.GetAsync();
        _world.Advance(1);
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.RefreshNowAsync();
        await held.Entered;

        _world.Advance(30);

        await Failing.With(FailureKind.VendorUnavailable, call);
        held.Release();
    }

    [Fact]
    public async Task A_thousand_who_wait_for_one_renewal_share_one_timer()
    {
        var held = _world.Vendor.HoldsOnce();
        var calls = Enumerable.Range(0, 1000).Select(_ => _world.Process.GetAsync()).ToList();
        await held.Entered;

        var timers = _world.Time.Waits.Count(wait => wait == CallerWait.WithToken);
        held.Release();
        await Task.WhenAll(calls);

        Assert.Equal(1, timers);
    }

    [Fact]
    public async Task A_new_token_is_served_two_seconds_after_it_came_although_it_is_still_being_saved()
    {
        var held = new HeldCall();
        _world.Store.BeforeWrite = _ => held.EnterAsync();
        var call = _world.Process.GetAsync();
        await held.Entered;

        _world.Advance(2);

        Assert.NotNull(await call);
        Assert.Null(_world.Store.AccessTokenOf(_world.Connection));
        held.Release();
    }

    [Fact]
    public async Task No_caller_can_cancel_what_the_vendor_is_asked_for()
    {
        using var caller = new CancellationTokenSource();

        await _world.Process.Broker.GetAsync(_world.Connection, new TokenRequest(), caller.Token);
        await _world.Process.Tenants.GetAsync(_world.Connection, Tenant, new TokenRequest(), caller.Token);

        Assert.Equal((1, 1), (_world.Vendor.Calls, _world.Vendor.TenantCalls));
        Assert.False(_world.Vendor.WasCancellable);
    }
}
