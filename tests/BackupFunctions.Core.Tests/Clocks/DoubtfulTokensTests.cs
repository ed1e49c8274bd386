using BackupFunctions.Clocks;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Clocks;

public sealed class DoubtfulTokensTests
{
    private static readonly Guid Tenant = new("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11");
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_token_obtained_while_the_clock_was_ahead_is_read_from_the_vault_again()
    {
        var first = await _world.Process.GetAsync();
        var reads = _world.Store.Reads;

        ShowVault(minutes: -10);
        var second = await _world.Process.GetAsync();

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.True(_world.Store.Reads > reads);
    }

    [Fact]
    public async Task A_token_that_is_not_saved_yet_is_not_saved_with_the_expiry_of_a_clock_that_was_ahead()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        var first = await _world.Process.GetAsync();

        ShowVault(minutes: -10);
        _world.Store.WriteOutage = null;
        _world.Advance(120);
        var second = await _world.Process.GetAsync();

        Assert.NotEqual(first.Fingerprint, second.Fingerprint);
        await _world.AdvanceUntilAsync(() => _world.Store.AccessTokenOf(_world.Connection) is not null);
        Assert.Equal(second.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)!.Fingerprint);
    }

    [Fact]
    public async Task A_tenants_token_obtained_while_the_clock_was_ahead_is_obtained_again()
    {
        await _world.Process.GetForTenantAsync(Tenant);

        ShowVault(minutes: -10);
        await _world.Process.GetForTenantAsync(Tenant);

        Assert.Equal(2, _world.Vendor.TenantCalls);
    }

    [Fact]
    public async Task Tokens_from_before_the_vault_last_confirmed_the_clock_are_kept()
    {
        var token = await _world.Process.GetAsync();
        var ofTenant = await _world.Process.GetForTenantAsync(Tenant);
        ShowVault(minutes: 0);

        ShowVault(minutes: -10);

        Assert.Same(token, await _world.Process.GetAsync());
        Assert.Same(ofTenant, await _world.Process.GetForTenantAsync(Tenant));
    }

    [Fact]
    public async Task A_clock_that_was_behind_makes_tokens_seem_old_and_so_they_are_kept()
    {
        var token = await _world.Process.GetAsync();

        ShowVault(minutes: 10);

        Assert.Same(token, await _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_hold_that_began_while_the_clock_was_ahead_does_not_last_as_much_longer()
    {
        var token = await _world.Process.GetAsync();
        for (var i = 0; i < RejectedTokens.Burst; i++)
            token = await _world.Process.RejectAsync(token);
        await Failing.With(FailureKind.BackingOff, _world.Process.RejectAsync(token));
        var hold = _world.Process.States.Of(_world.Connection).RejectionHoldUntil;
        Assert.True(hold > _world.Now);

        ShowVault(minutes: -10);

        var now = _world.Process.Clock.GetUtcNow();
        var left = _world.Process.States.Of(_world.Connection).RejectionHoldUntil - now;
        Assert.InRange(left, hold - _world.Now - TimeSpan.FromSeconds(1), hold - _world.Now + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Newer_credentials_are_looked_for_although_the_clock_was_ahead_when_they_last_were()
    {
        await _world.Process.GetAsync();
        var state = _world.Process.States.Of(_world.Connection);
        Assert.True(state.MayCheckCredentials(_world.Now));
        Assert.False(state.MayCheckCredentials(_world.Now));

        ShowVault(minutes: -10);

        Assert.True(state.MayCheckCredentials(_world.Process.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_wait_that_was_counted_while_the_clock_was_ahead_does_not_last_as_much_longer()
    {
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
        var wait = (await _world.Process.EntryAsync()).NextAttempt!.Value - _world.Now;

        ShowVault(minutes: -60);

        var now = _world.Process.Clock.GetUtcNow();
        var (onRecord, here) = (
            (await _world.Process.EntryAsync()).NextAttempt!.Value - now,
            _world.Process.States.Of(_world.Connection).NextAttempt - now
        );
        Assert.InRange(onRecord, wait, wait + TimeSpan.FromSeconds(2));
        Assert.Equal(onRecord, here);
    }

    [Fact]
    public async Task A_failure_without_a_wait_keeps_no_token_of_a_clock_that_was_ahead()
    {
        var first = await _world.Process.GetAsync();
        var state = _world.Process.States.Of(_world.Connection);
        state.Learn(state.Record with { LastFailureAt = _world.Now, NextAttempt = null });
        var reads = _world.Store.Reads;

        ShowVault(minutes: -10);
        var second = await _world.Process.GetAsync();

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.True(_world.Store.Reads > reads);
    }

    [Fact]
    public async Task A_token_is_read_by_the_right_clock_although_only_the_reply_to_its_save_put_it_right()
    {
        var world = new TokenWorld(rotatesRefreshTokens: true);
        var wasShown = false;
        world.Store.BeforeWrite = _ =>
        {
            if (!wasShown)
                ShowVault(world, minutes: -60);
            wasShown = true;
            return Task.CompletedTask;
        };

        var token = await world.Process.GetAsync();

        var now = world.Process.Clock.GetUtcNow();
        Assert.InRange(token.IssuedAt, now.AddSeconds(-1), now);
        Assert.Equal(token.Lifetime, token.ExpiresAt - token.IssuedAt);
        Assert.Same(token, await world.Process.GetAsync());
    }

    private void ShowVault(int minutes) => ShowVault(_world, minutes);

    private static void ShowVault(TokenWorld world, int minutes)
    {
        var clock = world.Process.Clock;
        var date = world.Now.AddMinutes(minutes);
        clock.Observe(
            ServerTime.Of(new Uri("https://vault.test/"), isVault: true, date, clock.GetTimestamp(), clock)!.Value
        );
    }
}
