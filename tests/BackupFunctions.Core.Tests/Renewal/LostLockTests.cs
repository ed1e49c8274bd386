using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Locking;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>What becomes of a grant when another process may have renewed before it arrives or is saved.</summary>
public sealed class LostLockTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    private string? Saved => _world.Store.RefreshTokenOf(_world.Connection)?.Fingerprint;

    [Fact]
    public async Task A_grant_that_arrives_after_another_process_had_the_lock_is_not_served_and_overwrites_nothing()
    {
        var (theirs, theirToken) = await BeginAsync();
        _world.Vendor.BeforeGrant = () =>
        {
            _world.Locks.LoseAll();
            _world.Store.Put(_world.Connection, theirs);
            _world.Store.Put(_world.Connection, theirToken);
        };

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        await _world.Process.DrainAsync();
        _world.Vendor.BeforeGrant = null;
        _world.Advance(1);

        Assert.Equal(theirs.Fingerprint, Saved);
        Assert.Equal(theirToken.Reveal(), (await _world.Process.GetAsync()).Reveal());
        Assert.Equal(0, (await _world.Process.EntryAsync()).FailuresInRow);
    }

    [Fact]
    public async Task The_token_before_a_grant_that_is_not_served_is_not_served_any_more_either()
    {
        await _world.Process.GetAsync();
        _world.Advance(10);
        var (theirs, theirToken) = Theirs();
        _world.Vendor.BeforeGrant = () =>
        {
            _world.Locks.LoseAll();
            _world.Store.Put(_world.Connection, theirs);
            _world.Store.Put(_world.Connection, theirToken);
        };

        await Failing.With(FailureKind.BackingOff, _world.Process.RefreshNowAsync());

        Assert.Equal(theirToken.Reveal(), (await _world.Process.GetAsync()).Reveal());
    }

    [Fact]
    public async Task While_a_grant_is_awaited_the_token_before_it_is_served_only_as_long_as_the_lock_is_held()
    {
        var before = await _world.Process.GetAsync();
        _world.Advance(10);
        var held = _world.Vendor.HoldsOnce();
        var refresh = _world.Process.RefreshNowAsync();
        await held.Entered;

        var whileHeld = await _world.Process.GetAsync();
        _world.Locks.LoseAll(LeaseStanding.Held);
        var whileDoubtful = _world.Process.GetAsync();
        var wasServed = whileDoubtful.IsCompleted;
        held.Release();

        Assert.Same(before, whileHeld);
        Assert.False(wasServed);
        await Failing.With(FailureKind.BackingOff, refresh);
        await Record.ExceptionAsync(() => whileDoubtful);
        Assert.Same(before, await _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_token_whose_session_another_process_may_have_ended_is_not_loaded_from_the_vault_again()
    {
        var before = await _world.Process.GetAsync();
        _world.Advance(10);
        _world.Vendor.BeforeGrant = () => _world.Locks.LoseAll();
        await Failing.With(FailureKind.BackingOff, _world.Process.RefreshNowAsync());
        _world.Vendor.BeforeGrant = null;
        await _world.Process.DrainAsync();
        _world.Advance(1);

        var after = await _world.Process.GetAsync();

        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
        Assert.Contains(before.Fingerprint, (await _world.Process.EntryAsync()).Rejected);
    }

    [Fact]
    public async Task A_refresh_token_refused_after_another_process_had_the_lock_takes_the_saved_token_with_it()
    {
        var (theirs, theirToken) = await BeginAsync();
        _world.Vendor.ForgetRefreshTokens();
        _world.Vendor.BeforePassword = () =>
        {
            _world.Locks.LoseAll();
            _world.Store.Put(_world.Connection, theirs);
            _world.Store.Put(_world.Connection, theirToken);
        };

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Contains(theirToken.Fingerprint, (await _world.Process.EntryAsync()).Rejected);
    }

    [Fact]
    public async Task A_grant_that_arrives_after_another_process_had_the_lock_is_kept_if_that_one_saved_none()
    {
        await BeginAsync();
        _world.Vendor.BeforeGrant = () => _world.Locks.LoseAll();

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        _world.Vendor.BeforeGrant = null;
        await _world.Process.DrainAsync();

        Assert.Equal(2, _world.Vendor.NumberOf(Saved!));
        _world.Advance(1);
        await _world.Process.GetAsync();
        Assert.Equal(3, _world.Vendor.NumberOf(Saved!));
        Assert.Equal(2, _world.Vendor.Spent.Count);
    }

    [Fact]
    public async Task A_grant_that_arrives_after_a_pause_in_which_nobody_had_the_lock_is_saved_and_served()
    {
        await BeginAsync();
        _world.Vendor.BeforeGrant = () => _world.Locks.LoseAll(LeaseStanding.Held);

        var token = await _world.Process.GetAsync();

        Assert.Equal(2, _world.Vendor.NumberOf(Saved!));
        Assert.Equal(token.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task Without_an_answer_of_the_lock_service_a_grant_is_served_if_the_vault_has_none_newer()
    {
        await BeginAsync();
        _world.Vendor.BeforeGrant = () => _world.Locks.LoseAll(LeaseStanding.Unknown);

        await _world.Process.GetAsync();

        Assert.Equal(2, _world.Vendor.NumberOf(Saved!));
    }

    [Fact]
    public async Task Without_an_answer_of_the_lock_service_a_grant_is_not_served_if_the_vault_has_a_newer()
    {
        var (theirs, theirToken) = await BeginAsync();
        _world.Vendor.BeforeGrant = () =>
        {
            _world.Locks.LoseAll(LeaseStanding.Unknown);
            _world.Store.Put(_world.Connection, theirs);
            _world.Store.Put(_world.Connection, theirToken);
        };

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Equal(theirs.Fingerprint, Saved);
        Assert.Equal(theirToken.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Theory]
    [InlineData(LeaseStanding.Taken)]
    [InlineData(LeaseStanding.Unknown)]
    public async Task A_pair_that_arrives_after_the_lock_was_lost_is_saved_in_order_or_not_yet(LeaseStanding standing)
    {
        await _world.Process.GetAsync();
        var (refreshToken, accessToken) = (
            _world.Store.RefreshTokenOf(_world.Connection),
            _world.Store.AccessTokenOf(_world.Connection)
        );
        _world.Advance(3600);
        var reads = 0;
        _world.Vendor.BeforeGrant = () =>
        {
            _world.Locks.LoseAll(standing);
            _world.Store.ReadOutage = FailureKind.VaultUnavailable;
            _world.Store.BeforeRead = () =>
            {
                // The refresh token could not be read; from the access token on, the vault answers again.
                _world.Store.ReadOutage = reads++ == 0 ? null : _world.Store.ReadOutage;
                return Task.CompletedTask;
            };
        };

        var call = _world.Process.GetAsync();
        if (standing == LeaseStanding.Taken)
        {
            await Failing.With(FailureKind.BackingOff, call);
        }

        await call.ContinueWith(static _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(refreshToken, _world.Store.RefreshTokenOf(_world.Connection));
        Assert.Equal(accessToken, _world.Store.AccessTokenOf(_world.Connection));
    }

    [Fact]
    public async Task Before_each_request_that_saves_the_lock_is_checked()
    {
        var (theirs, theirToken) = await BeginAsync();
        _world.Store.BeforeWrite = name =>
        {
            if (name == _world.Connection.RefreshTokenSecretName)
            {
                _world.Store.BeforeWrite = static _ => Task.CompletedTask;
                _world.Locks.LoseAll();
                _world.Store.Put(_world.Connection, theirs);
                _world.Store.Put(_world.Connection, theirToken);
            }

            return Task.CompletedTask;
        };
        var writes = _world.Store.Writes.Count;

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        await _world.Process.DrainAsync();

        Assert.Equal(writes, _world.Store.Writes.Count);
        Assert.Equal(theirs.Fingerprint, Saved);
    }

    [Fact]
    public async Task A_save_that_was_prevented_by_a_pause_goes_on_if_nobody_had_the_lock()
    {
        await BeginAsync();
        _world.Store.BeforeWrite = _ =>
        {
            _world.Store.BeforeWrite = static _ => Task.CompletedTask;
            _world.Locks.LoseAll(LeaseStanding.Held);
            return Task.CompletedTask;
        };

        await _world.Process.GetAsync();

        Assert.Equal(2, _world.Vendor.NumberOf(Saved!));
    }

    [Fact]
    public async Task An_access_token_is_not_saved_over_a_newer_one_when_the_lock_is_lost_before_its_request()
    {
        var (_, theirToken) = await BeginAsync();
        _world.Store.BeforeWrite = name =>
        {
            if (name == _world.Connection.TokenSecretName)
            {
                _world.Store.BeforeWrite = static _ => Task.CompletedTask;
                _world.Locks.LoseAll();
                _world.Store.Put(_world.Connection, theirToken);
            }

            return Task.CompletedTask;
        };

        await _world.Process.GetAsync();
        await _world.Process.DrainAsync();

        Assert.Equal(theirToken.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refresh_token_that_was_overwritten_by_a_request_on_its_way_is_saved_again(bool isAnswered)
    {
        var (theirs, theirToken) = await BeginAsync();
        _world.Store.OnTheWay = name =>
        {
            if (name == _world.Connection.RefreshTokenSecretName)
            {
                _world.Store.OnTheWay = static _ => { };
                _world.Locks.LoseAll();
                _world.Store.Put(_world.Connection, theirs);
                _world.Store.Put(_world.Connection, theirToken);
                _world.Store.LosesAnswer = !isAnswered;
            }
        };

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        await _world.Process.DrainAsync();
        _world.Advance(1);

        Assert.Equal(theirs.Fingerprint, Saved);
        Assert.Equal(theirToken.Reveal(), (await _world.Process.GetAsync()).Reveal());
    }

    [Fact]
    public async Task A_save_in_the_background_does_not_go_on_after_it_lost_the_lock()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        var (theirs, _) = Theirs();
        _world.Store.BeforeWrite = _ =>
        {
            _world.Store.BeforeWrite = static _ => Task.CompletedTask;
            _world.Locks.LoseAll();
            _world.Store.Put(_world.Connection, theirs);
            return Task.CompletedTask;
        };

        await _world.AdvanceUntilAsync(() => _world.Process.States.Of(_world.Connection).Pending.IsEmpty);

        Assert.Equal(theirs.Fingerprint, Saved);
    }

    [Fact]
    public async Task A_vendor_without_refresh_tokens_serves_what_it_granted_after_the_lock_was_lost()
    {
        var world = new TokenWorld();
        world.Vendor.BeforeGrant = () => world.Locks.LoseAll();

        var token = await world.Process.GetAsync();

        Assert.Equal(token.Fingerprint, world.Store.AccessTokenOf(world.Connection)?.Fingerprint);
    }

    /// <summary>An expired pair of this process, and what another process will have saved by then.</summary>
    private async Task<(RefreshToken RefreshToken, AccessToken AccessToken)> BeginAsync()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        return Theirs();
    }

    private (RefreshToken RefreshToken, AccessToken AccessToken) Theirs() =>
        (
            new RefreshToken(SuiteLog.Guard("their-newer-refresh-token"), _world.Now + TimeSpan.FromSeconds(16), null),
            _world.ForeignToken(age: -16)
        );
}
