using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Rotation;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Rotation;

public sealed class UnsavedTokensTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    private string? SavedRefreshToken => _world.Store.RefreshTokenOf(_world.Connection)?.Fingerprint;

    [Fact]
    public async Task A_pair_that_the_vault_did_not_take_is_served_from_memory()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;

        var first = await _world.Process.GetAsync();

        Assert.Same(first, await _world.Process.GetAsync());
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_pair_that_the_vault_did_not_take_is_saved_as_soon_as_it_does()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        var token = await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;

        await _world.AdvanceUntilAsync(() => _world.Store.Writes.Count == 2);

        Assert.Equal(
            [_world.Connection.RefreshTokenSecretName, _world.Connection.TokenSecretName],
            _world.Store.Writes
        );
        Assert.Equal(token.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-600)]
    public async Task A_token_whose_save_was_not_answered_is_not_saved_over_the_one_that_came_of_it(double later)
    {
        _world.Store.LosesAnswer = true;
        await _world.Process.GetAsync();

        // Another process reads the saved token, spends it, and saves its successor; its clock is its own.
        var successor = new RefreshToken(
            SuiteLog.Guard("the-successor-of-another-process"),
            _world.Now.AddSeconds(later),
            expiresAt: null
        );
        _world.Store.Put(_world.Connection, successor);
        await _world.AdvanceUntilAsync(() =>
            _world.Process.States.Of(_world.Connection).Pending is { IsEmpty: true, IsBeingRetried: false }
        );

        Assert.Equal(successor.Fingerprint, SavedRefreshToken);
    }

    [Fact]
    public async Task A_fault_of_ours_in_a_try_to_save_is_not_the_last_try()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        var faults = 0;
        _world.Store.BeforeRead = () =>
            ++faults > 1 ? Task.CompletedTask : throw new InvalidOperationException("A fault of ours.");

        await _world.AdvanceUntilAsync(() => _world.Store.Writes.Count == 2);

        Assert.Contains(_world.Process.Log.Events, one => one.EventId.Id == 1017);
    }

    [Fact]
    public async Task The_first_try_to_save_again_is_a_second_later_and_the_waits_double()
    {
        var tries = new List<DateTimeOffset>();
        var started = _world.Now;
        _world.Store.BeforeWrite = name =>
        {
            lock (tries)
            {
                if (name == _world.Connection.RefreshTokenSecretName && (tries.Count == 0 || tries[^1] != _world.Now))
                {
                    tries.Add(_world.Now);
                }
            }

            return Task.CompletedTask;
        };
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();

        await _world.AdvanceUntilAsync(() => TriesSoFar() == 5);

        Assert.All(tries.Select(at => (at - started).TotalSeconds).Zip([0, 1, 3, 7, 15]), pair =>
            Assert.InRange(pair.First, pair.Second, pair.Second + 10)
        );

        int TriesSoFar()
        {
            lock (tries)
            {
                return tries.Count;
            }
        }
    }

    [Fact]
    public async Task A_refresh_token_is_not_rotated_further_until_it_is_saved()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);

        var token = await _world.Process.GetAsync();
        await Failing.With(FailureKind.BackingOff, _world.Process.RefreshNowAsync());

        Assert.Same(old, token);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task While_a_refresh_token_is_not_saved_callers_in_the_window_do_not_ask_the_vault_at_every_call()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Advance(3000);
        await _world.Process.GetAsync();
        var locks = _world.Locks.Acquired;

        for (var i = 0; i < 10; i++)
        {
            await _world.Process.GetAsync();
        }

        Assert.InRange(_world.Locks.Acquired, locks, locks + 1);
    }

    [Fact]
    public async Task A_renewal_saves_the_earlier_pair_before_it_rotates_it()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        _world.Advance(0.5);

        await _world.Process.RefreshNowAsync();
        await _world.Process.GetAsync();

        Assert.Equal(_world.Connection.RefreshTokenSecretName, _world.Store.Writes.First());
        Assert.Equal(
            _world.Store.Writes.Count(name => name == _world.Connection.RefreshTokenSecretName) - 1,
            _world.Vendor.Spent.Count
        );
    }

    [Fact]
    public async Task A_refresh_token_that_was_spent_for_one_that_is_not_saved_yet_is_sent_by_no_other_process()
    {
        var token = await SpendWithoutSavingAsync();
        var other = _world.StartProcess(ledger: _world.Process.Ledger);

        var theirs = await other.RejectAsync(token);

        Assert.NotEqual(token.Fingerprint, theirs.Fingerprint);
        Assert.Equal((1, 2), (_world.Vendor.Spent.Count, _world.Vendor.UsedVersions.Count));
    }

    [Fact]
    public async Task Nobody_has_to_enrol_while_another_process_has_the_refresh_token_in_memory()
    {
        var token = await SpendWithoutSavingAsync();
        _world.Vendor.AsksForEnrolment = true;
        var other = _world.StartProcess(ledger: _world.Process.Ledger);

        var failure = await Failing.With(FailureKind.VaultUnavailable, other.RejectAsync(token));

        Assert.Contains("another instance", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_that_has_it_says_so_often_enough_to_be_believed_as_long_as_it_tries_to_save_it()
    {
        await SpendWithoutSavingAsync();
        var until = _world.Now + TimeSpan.FromMinutes(15);

        while (_world.Now < until)
        {
            var nextTry = await _world.Time.NextWaitAsync(TestContext.Current.CancellationToken);
            if (nextTry <= _world.Now)
            {
                // The wait of a caller who has been answered.
                continue;
            }

            var entry = await _world.Process.EntryAsync();
            Assert.NotNull(entry.SpentRefreshToken);
            Assert.InRange(
                nextTry - (entry.UnsavedSeenAt ?? entry.LastSuccess)!.Value,
                TimeSpan.FromSeconds(1),
                RefreshTokens.LongestUnsaved / 2
            );
            _world.Advance((nextTry - _world.Now).TotalSeconds);
        }
    }

    [Fact]
    public async Task It_is_given_up_when_the_process_that_has_it_has_not_said_so_for_some_minutes()
    {
        await _world.Process.GetAsync();
        var spent = _world.Store.RefreshTokenOf(_world.Connection)!.Fingerprint;
        _world.Vendor.AsksForEnrolment = true;
        _world.Advance(3600);
        var heir = _world.StartProcess(ledger: _world.Process.Ledger);
        await heir.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { SpentRefreshToken = spent, UnsavedSeenAt = _world.Now },
            CancellationToken.None
        );
        await Failing.With(FailureKind.VaultUnavailable, heir.GetAsync());

        _world.Advance(RefreshTokens.LongestUnsaved.TotalSeconds - 1);
        await Failing.With(FailureKind.VaultUnavailable, heir.RefreshNowAsync());
        _world.Advance(2);

        await Failing.With(FailureKind.EnrolmentNeeded, heir.RefreshNowAsync());
    }

    /// <summary>
    /// One process spends the saved refresh token; the vault does not take what it gets for it, and still answers
    /// reads.
    /// </summary>
    private async Task<AccessToken> SpendWithoutSavingAsync()
    {
        var token = await _world.Process.GetAsync();
        _world.Advance(10);
        _world.Store.WriteOutage = FailureKind.VaultAccessDenied;
        await _world.Process.RefreshNowAsync();
        return token;
    }

    [Fact]
    public async Task A_newer_pair_of_another_process_is_not_overwritten()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Advance(10);
        var theirs = new RefreshToken(
            SuiteLog.Guard("their-newer-refresh-token"),
            _world.Now,
            _world.Now + TimeSpan.FromDays(14)
        );
        _world.Store.Put(_world.Connection, theirs);
        _world.Store.Put(_world.Connection, _world.ForeignToken());
        _world.Store.WriteOutage = null;

        await _world.Process.DrainAsync();

        Assert.Equal(theirs.Fingerprint, SavedRefreshToken);
        Assert.Equal("foreign-access-token", _world.Store.AccessTokenOf(_world.Connection)?.Reveal());
        Assert.Empty(_world.Store.Writes);
    }

    [Fact]
    public async Task A_pair_obtained_while_the_vault_was_down_replaces_the_older_one_that_it_holds()
    {
        await _world.Process.GetAsync();
        var older = SavedRefreshToken;
        _world.Advance(3600);
        _world.Store.Outage = FailureKind.VaultUnavailable;
        var token = await _world.Process.GetAsync();
        _world.Store.Outage = null;

        await _world.Process.DrainAsync();

        Assert.NotEqual(older, SavedRefreshToken);
        Assert.Equal(token.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task A_pair_replaces_an_expired_one_that_the_vault_holds()
    {
        var expired = new RefreshToken("a-refresh-token-of-old", _world.Now - TimeSpan.FromDays(15), _world.Now);
        _world.Store.Put(_world.Connection, expired);
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;

        await _world.Process.DrainAsync();

        Assert.NotEqual(expired.Fingerprint, SavedRefreshToken);
    }

    [Fact]
    public async Task A_second_pair_obtained_while_the_first_is_not_saved_is_saved_in_its_place()
    {
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        _world.Advance(3600);
        var second = await _world.Process.GetAsync();
        _world.Advance(3600);
        var third = await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;

        await _world.Process.DrainAsync();

        Assert.NotEqual(second.Fingerprint, third.Fingerprint);
        Assert.Equal(third.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
        Assert.Equal(3, _world.Vendor.NumberOf(SavedRefreshToken!));
    }

    [Fact]
    public async Task What_cannot_be_compared_with_the_vault_is_not_saved_over_it()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        _world.Store.ReadOutage = FailureKind.VaultUnavailable;
        _world.Advance(0.5);

        await Failing.With(FailureKind.BackingOff, _world.Process.RefreshNowAsync());

        Assert.Empty(_world.Store.Writes);
    }

    [Fact]
    public async Task A_refresh_token_is_saved_even_if_the_access_token_beside_it_was_rejected_before()
    {
        _world.Vendor.AlwaysGrants = SuiteLog.Guard("always-the-same-token");
        var token = await _world.Process.GetAsync();
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await Failing.With(FailureKind.VendorReplyUnusable, _world.Process.RejectAsync(token));
        var before = SavedRefreshToken;
        _world.Store.WriteOutage = null;

        await _world.Process.DrainAsync();

        Assert.NotEqual(before, SavedRefreshToken);
    }

    [Fact]
    public async Task A_save_in_the_background_waits_for_the_lock()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        await using var lease = await _world.Locks.AcquireAsync(_world.Connection.Key, CancellationToken.None);

        _world.Advance(5);
        var draining = _world.Process.DrainAsync();
        var writesBefore = _world.Store.Writes.Count;
        await lease.DisposeAsync();
        await draining;

        Assert.Equal((0, 2), (writesBefore, _world.Store.Writes.Count));
    }

    [Fact]
    public async Task A_save_in_the_background_goes_without_the_lock_when_its_storage_is_away()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        _world.Locks.IsAway = true;

        await _world.AdvanceUntilAsync(() => _world.Store.Writes.Count == 2);

        Assert.NotNull(SavedRefreshToken);
    }

    [Fact]
    public async Task A_save_in_the_background_does_not_go_behind_the_back_of_another_process_that_renews()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        _world.Locks.IsHeldElsewhere = true;
        var refused = _world.Locks.Refused;

        await _world.AdvanceUntilAsync(() => _world.Locks.Refused >= refused + 3);
        var writesWhileHeld = _world.Store.Writes.Count;
        _world.Locks.IsHeldElsewhere = false;
        await _world.AdvanceUntilAsync(() => _world.Store.Writes.Count == 2);

        Assert.Equal(0, writesWhileHeld);
    }
}
