using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

public sealed class RefreshLockTests
{
    private readonly TokenWorld _world = new();
    private readonly TokenWorld _rotating = new(rotatesRefreshTokens: true);

    [Fact]
    public async Task One_who_waited_for_the_lock_reads_the_vault_again()
    {
        var lease = await _world.Locks.AcquireAsync(_world.Connection.Key, CancellationToken.None);
        var call = _world.Process.GetAsync();
        _world.Store.Put(_world.Connection, _world.ForeignToken());

        await lease.DisposeAsync();

        Assert.Equal("foreign-access-token", (await call).Reveal());
        Assert.Equal(0, _world.Vendor.Calls);
    }

    [Fact]
    public async Task The_lock_is_held_while_the_vendor_is_asked_and_free_afterwards()
    {
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;

        var whileAsking = _world.Locks.IsHeld(_world.Connection.Key);
        held.Release();
        await call;

        Assert.True(whileAsking);
        Assert.False(_world.Locks.IsHeld(_world.Connection.Key));
    }

    [Fact]
    public async Task The_lock_is_free_after_a_failure()
    {
        _world.Vendor.BreaksOnce(new FormatException("A reply that nobody foresaw."));
        await Failing.With(FailureKind.VendorReplyUnusable, _world.Process.GetAsync());

        Assert.False(_world.Locks.IsHeld(_world.Connection.Key));
    }

    [Fact]
    public async Task A_vendor_of_client_credentials_goes_on_while_the_lock_service_is_away()
    {
        _world.Locks.IsAway = true;

        Assert.NotNull(await _world.Process.GetAsync());
        Assert.Equal(2, _world.Store.Reads);
    }

    [Fact]
    public async Task A_vendor_of_rotating_refresh_tokens_spends_none_while_the_lock_service_is_away()
    {
        _rotating.Locks.IsAway = true;

        var failure = await Failing.With(FailureKind.BackingOff, _rotating.Process.GetAsync());

        Assert.NotNull(failure.RetryAfter);
        Assert.Equal(0, _rotating.Vendor.Calls);
    }

    [Fact]
    public async Task A_sweep_that_cannot_renew_because_the_lock_service_is_away_has_failed()
    {
        _rotating.Locks.IsAway = true;

        var thrown = await Assert.ThrowsAsync<RefreshSweepException>(() => _rotating.Process.SweepAsync());

        Assert.Contains("fake/default", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_does_not_fail_because_another_process_is_renewing()
    {
        _world.Locks.IsHeldElsewhere = true;

        var report = await _world.Process.SweepAsync();

        Assert.Equal(1, report.Waiting);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_renews_while_another_process_holds_the_lock_for_too_long(bool rotates)
    {
        var world = rotates ? _rotating : _world;
        world.Locks.IsHeldElsewhere = true;

        await Failing.With(FailureKind.BackingOff, world.Process.GetAsync());

        Assert.Equal(0, world.Vendor.Calls);
    }

    [Fact]
    public async Task In_the_window_a_lock_that_cannot_be_had_leaves_callers_in_peace_for_some_seconds()
    {
        var old = await _rotating.Process.GetAsync();
        _rotating.Advance(3000);
        _rotating.Locks.IsAway = true;

        var first = await _rotating.Process.GetAsync();
        var reads = _rotating.Store.Reads;
        var second = await _rotating.Process.GetAsync();
        _rotating.Locks.IsAway = false;
        _rotating.Advance(5);
        var third = await _rotating.Process.GetAsync();

        Assert.Equal((old, old), (first, second));
        Assert.Equal(reads + 2, _rotating.Store.Reads);
        Assert.NotSame(old, third);
    }

    [Fact]
    public async Task A_lock_that_was_lost_before_anything_was_spent_stops_the_sign_in()
    {
        await _rotating.Process.GetAsync();
        _rotating.Advance(3600);
        var held = _rotating.Vendor.HoldsOnce();
        var call = _rotating.Process.GetAsync();
        await held.Entered;

        _rotating.Locks.LoseAll();
        held.Release();

        await Failing.With(FailureKind.BackingOff, call);
        Assert.Empty(_rotating.Vendor.Spent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lock_that_was_lost_before_the_sign_in_keeps_it_from_the_vendor(bool rotates)
    {
        var world = rotates ? _rotating : _world;
        world.Store.BeforeRead = () =>
        {
            // The second look into the vault is under the lock.
            if (world.Store.Reads == 2)
            {
                world.Locks.LoseAll();
            }

            return Task.CompletedTask;
        };

        await Failing.With(FailureKind.BackingOff, world.Process.GetAsync());

        Assert.Equal(0, world.Vendor.Calls);
    }

    [Fact]
    public async Task A_lost_lock_is_no_failure_of_the_connection()
    {
        var held = _rotating.Vendor.HoldsOnce();
        var call = _rotating.Process.GetAsync();
        await held.Entered;
        _rotating.Locks.LoseAll();
        held.Release();
        await Failing.With(FailureKind.BackingOff, call);

        var token = await _rotating.Process.GetAsync();

        Assert.NotNull(token);
        Assert.Equal(0, (await _rotating.Process.EntryAsync()).FailuresInRow);
    }

    [Fact]
    public async Task A_lost_lock_keeps_the_doubt_about_a_refresh_token_that_was_sent_before()
    {
        await _rotating.Process.GetAsync();
        _rotating.Advance(3600);
        _rotating.Vendor.LosesRefreshReplies = true;
        _rotating.Vendor.OnLostReply = () => _rotating.Locks.LoseAll();
        await Failing.With(FailureKind.BackingOff, _rotating.Process.GetAsync());
        _rotating.Vendor.OnLostReply = null;
        _rotating.Advance(2);

        await _rotating.Process.GetAsync();

        Assert.Single(_rotating.Vendor.Spent);
    }
}
