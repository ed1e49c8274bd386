using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

/// <summary>
/// An operator signs a connection out while the vault takes, gives or lets go of nothing, or has not taken everything
/// yet.
/// </summary>
public sealed class SignOutInVaultTroubleTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    [Fact]
    public async Task A_refresh_token_that_the_vault_has_not_taken_is_ended_and_never_saved()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = null;
        RefreshToken? ended = null;
        _world.Vendor.EndsSession = (_, refreshToken) =>
        {
            ended = refreshToken;
            return Task.CompletedTask;
        };

        await _world.Process.SignOutAsync();
        await _world.Process.DrainAsync();

        Assert.NotNull(ended);
        Assert.Empty(_world.Store.Writes);
    }

    [Fact]
    public async Task What_another_instance_could_not_save_does_not_come_back_into_the_vault()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await other.GetAsync();
        _world.Store.WriteOutage = null;

        await _world.Process.SignOutAsync();
        await other.DrainAsync();

        Assert.Empty(_world.Store.Writes);
        Assert.Contains(other.Log.Events, one => one.EventId.Id == 1026);
    }

    [Fact]
    public async Task What_another_instance_asked_for_when_it_was_signed_out_already_does_not_come_back_either()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        Task<SignOutReport>? signOut = null;
        _world.Vendor.BeforeSignIn = _ =>
        {
            // It has looked at the record, and has not sent its request yet.
            signOut = _world.Process.SignOutAsync();
            _world.Advance(2);
        };

        await Failing.With(FailureKind.SignedOut, other.GetAsync());
        await Record.ExceptionAsync(() => signOut!);
        _world.Store.WriteOutage = null;
        await other.DrainAsync();

        Assert.Equal(1, _world.Vendor.Calls);
        Assert.Empty(_world.Store.Writes);
    }

    [Fact]
    public async Task What_was_signed_in_after_a_sign_out_is_saved_even_before_that_is_on_record()
    {
        var ledger = new HeldLedger(new InMemoryLedger());
        var process = _world.StartProcess(ledger: ledger);
        await process.SignOutAsync();
        _world.Advance(1);
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        var record = ledger.HoldsOnce();
        var signIn = process.RefreshNowAsync();
        await record.Entered;

        // The record and the lock are in one storage: where a change of the one takes long, the other may not be had at
        // all.
        _world.Locks.IsAway = true;
        _world.Store.WriteOutage = null;
        await _world.AdvanceUntilAsync(() =>
            _world.Locks.Refused > 0
            && (_world.Store.Writes.Count == 2 || process.Log.Events.Any(one => one.EventId.Id == 1026))
        );
        var saved = _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint;
        record.Release();

        Assert.Equal((await signIn).Fingerprint, saved);
    }

    [Fact]
    public async Task A_spent_refresh_token_ends_no_session_and_that_is_told()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        await other.GetAsync();
        _world.Advance(3600);
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await other.GetAsync();
        _world.Store.WriteOutage = null;
        var tried = 0;
        _world.Vendor.EndsSession = (_, _) => Task.FromResult(++tried);

        var report = await _world.Process.SignOutAsync();

        Assert.Equal((0, false), (tried, report.EndedAtVendor));
        Assert.Contains("Another instance has a newer refresh token", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_in_doubt_is_told_also_where_there_is_a_token_that_ends_a_session()
    {
        await _world.Process.GetAsync();
        _world.Vendor.EndsSession = (_, _) => Task.CompletedTask;
        _world.Store.ReadOutage = FailureKind.VaultUnavailable;

        var report = await _world.Process.SignOutAsync();

        Assert.True(report.EndedAtVendor);
        Assert.Contains("One of its tokens could not be read", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_a_sign_out_ended_is_not_handed_out_of_a_vault_that_kept_it()
    {
        _world.Vendor.EndsSession = (_, _) => Task.CompletedTask;
        var ended = await _world.Process.GetAsync();
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await Assert.ThrowsAsync<TokenException>(_world.Process.SignOutAsync);
        await _world.Process.RefreshNowAsync();

        var handedOut = await _world.StartProcess(ledger: _world.Process.Ledger).GetAsync();

        Assert.Equal(ended.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
        Assert.NotEqual(ended.Fingerprint, handedOut.Fingerprint);
    }

    [Fact]
    public async Task A_refresh_token_whose_session_a_sign_out_ended_is_never_sent_again_though_the_vault_kept_it()
    {
        List<string?> sent = [];
        _world.Vendor.EndsSession = (_, refreshToken) =>
        {
            sent.Add(refreshToken?.Fingerprint);
            return Task.CompletedTask;
        };
        await _world.Process.GetAsync();
        var ended = _world.Store.RefreshTokenOf(_world.Connection)!.Fingerprint;
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        await Assert.ThrowsAsync<TokenException>(_world.Process.SignOutAsync);

        await Assert.ThrowsAsync<TokenException>(_world.Process.SignOutAsync);
        await _world.Process.RefreshNowAsync();

        Assert.Equal([ended, null], sent);
        Assert.Empty(_world.Vendor.Spent);
        Assert.Equal(ended, _world.Store.RefreshTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task A_vault_that_cannot_be_read_means_that_the_session_may_live_on_and_that_is_told()
    {
        await _world.Process.GetAsync();
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        _world.Vendor.EndsSession = (_, _) => Task.CompletedTask;
        _world.Store.ReadOutage = FailureKind.VaultUnavailable;

        var report = await other.SignOutAsync();

        Assert.False(report.EndedAtVendor);
        Assert.Contains("was not ended at the vendor: end it there", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_token_ends_the_session_where_the_access_token_cannot_be_read()
    {
        await _world.Process.GetAsync();
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        RefreshToken? used = null;
        _world.Vendor.EndsSession = (_, refreshToken) =>
        {
            used = refreshToken;
            return Task.CompletedTask;
        };
        _world.Store.BeforeRead = () =>
            throw new TokenException(FailureKind.VaultUnavailable, "The fake vault says so.");

        var report = await other.SignOutAsync();

        Assert.True(report.EndedAtVendor);
        Assert.NotNull(used);
    }

    [Fact]
    public async Task A_vault_that_does_not_let_go_is_told_of_and_nothing_is_handed_out_all_the_same()
    {
        await _world.Process.GetAsync();
        _world.Store.WriteOutage = FailureKind.VaultAccessDenied;

        var thrown = await Assert.ThrowsAsync<TokenException>(_world.Process.SignOutAsync);

        Assert.Equal(FailureKind.VaultAccessDenied, thrown.Failure.Kind);
        Assert.Contains("the vault still holds its tokens", thrown.Failure.Detail, StringComparison.Ordinal);
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
        _world.Store.WriteOutage = null;
        await _world.Process.SignOutAsync();
        Assert.Null(_world.Store.AccessTokenOf(_world.Connection));
    }
}
