using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Ledger;

public sealed class SharedLedgerTests
{
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_token_that_another_process_heard_to_be_rejected_is_not_taken_from_the_vault()
    {
        var token = await _world.Process.GetAsync();
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(token));

        var other = _world.StartProcess(ledger: _world.Process.Ledger);

        await Failing.With(FailureKind.BackingOff, other.GetAsync());
        Assert.Equal(token.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task A_rejection_that_is_no_longer_on_record_is_reported_again_while_the_vault_holds_the_token()
    {
        var token = await _world.Process.GetAsync();
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(token));
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            static _ => LedgerEntry.Empty,
            CancellationToken.None
        );
        _world.Advance(60);

        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());

        Assert.Equal([token.Fingerprint], (await _world.Process.EntryAsync()).Rejected);
        await Failing.With(FailureKind.BackingOff, _world.StartProcess(ledger: _world.Process.Ledger).GetAsync());
    }

    [Fact]
    public async Task A_token_in_memory_that_another_process_heard_to_be_rejected_is_not_served_when_a_renewal_fails()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        var token = await _world.Process.GetAsync();
        Assert.Equal(token.Fingerprint, (await other.GetAsync()).Fingerprint);
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(token));

        _world.Advance(3599);

        await Failing.With(FailureKind.VendorUnavailable, other.GetAsync(minimumLifetime: 0.5));
    }

    [Fact]
    public async Task A_token_in_memory_that_another_process_heard_to_be_rejected_is_dropped_by_the_watch()
    {
        var other = _world.StartProcess(ledger: new EverChanging(_world.Process.Ledger));
        var token = await _world.Process.GetAsync();
        await other.GetAsync();
        var renewed = await _world.Process.RejectAsync(token);
        var before = await other.GetAsync();

        await other.Poller.PollAsync(CancellationToken.None);

        Assert.Equal(token.Fingerprint, before.Fingerprint);
        Assert.Equal(renewed.Fingerprint, (await other.GetAsync()).Fingerprint);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_connection_that_another_process_signed_out_is_dropped_by_the_watch()
    {
        var other = _world.StartProcess(ledger: new EverChanging(_world.Process.Ledger));
        await other.GetAsync();
        _world.Advance(1);
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { SignedOutAt = _world.Now },
            CancellationToken.None
        );

        await other.Poller.PollAsync(CancellationToken.None);

        _world.Store.Clear();
        await Failing.With(FailureKind.SignedOut, other.GetAsync());
    }

    [Fact]
    public async Task A_token_obtained_since_the_sign_out_stays()
    {
        var other = _world.StartProcess(ledger: new EverChanging(_world.Process.Ledger));
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { SignedOutAt = _world.Now },
            CancellationToken.None
        );
        _world.Advance(1);
        var token = await other.RefreshNowAsync();

        await other.Poller.PollAsync(CancellationToken.None);

        Assert.Same(token, await other.GetAsync());
    }

    [Fact]
    public async Task The_last_few_rejected_tokens_are_remembered()
    {
        var entry = Enumerable.Range(0, 50).Aggregate(LedgerEntry.Empty, (entry, i) => entry.WithRejected($"{i:x16}"));

        Assert.Equal(Enumerable.Range(18, 32).Select(i => $"{i:x16}"), entry.Rejected);
        Assert.Same(entry, entry.WithRejected($"{45:x16}"));
    }

    [Fact]
    public void Of_two_long_lists_of_rejected_tokens_the_latest_of_both_are_remembered()
    {
        var mine = Enumerable.Range(0, 40).Aggregate(LedgerEntry.Empty, (entry, i) => entry.WithRejected($"{i:x16}"));
        var theirs = Enumerable
            .Range(30, 40)
            .Aggregate(LedgerEntry.Empty, (entry, i) => entry.WithRejected($"{i:x16}"));

        var merged = mine.MergedWith(theirs).Rejected;

        Assert.Equal(LedgerEntry.RejectedKept, merged.Count);
        Assert.Equal(merged.Count, merged.Distinct().Count());
        Assert.Subset(merged.ToHashSet(), Enumerable.Range(30, 10).Select(i => $"{i:x16}").ToHashSet());
        Assert.Subset(merged.ToHashSet(), Enumerable.Range(54, 16).Select(i => $"{i:x16}").ToHashSet());
    }

    [Fact]
    public async Task A_token_that_a_caller_rejects_at_a_process_without_it_is_dropped_by_the_process_that_has_it()
    {
        var other = _world.StartProcess(ledger: new EverChanging(_world.Process.Ledger));
        await _world.Process.GetAsync();
        _world.Advance(1800);
        var token = await other.RefreshNowAsync();

        await _world.Process.RejectAsync(token);
        await other.Poller.PollAsync(CancellationToken.None);

        Assert.NotEqual(token.Fingerprint, (await other.GetAsync()).Fingerprint);
    }

    [Fact]
    public async Task A_caller_who_invents_fingerprints_does_not_make_a_process_write_at_every_call()
    {
        await _world.Process.GetAsync();
        for (var i = 0; i < 100; i++)
        {
            await _world.Process.GetAsync(new TokenRequest { Rejected = $"{i:x16}" });
        }

        var reported = (await _world.Process.EntryAsync()).Rejected.Count;
        _world.Advance(60);
        await _world.Process.GetAsync(new TokenRequest { Rejected = "00000000deadbeef" });

        Assert.Equal(RejectedTokens.Burst, reported);
        Assert.Equal("00000000deadbeef", (await _world.Process.EntryAsync()).Rejected[^1]);
    }

    [Fact]
    public async Task A_token_that_is_rejected_while_a_renewal_is_under_way_is_told_to_the_other_processes()
    {
        var token = await _world.Process.GetAsync();
        _world.Advance(60);
        var held = _world.Vendor.HoldsOnce();
        var renewal = _world.Process.RefreshNowAsync();
        await held.Entered;

        var rejected = _world.Process.RejectAsync(token);
        var told = (await _world.Process.EntryAsync()).Rejected;
        held.Release();
        await Task.WhenAll(renewal, rejected);

        Assert.Equal([token.Fingerprint], told);
    }

    [Fact]
    public async Task A_connection_that_was_signed_out_stays_so_until_an_operator_renews_it()
    {
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { SignedOutAt = _world.Now },
            CancellationToken.None
        );

        var failure = await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
        _world.Advance(86_400);
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
        var callsBefore = _world.Vendor.Calls;
        await _world.Process.RefreshNowAsync();

        Assert.Contains("POST /api/Refresh/fake/default", failure.Detail, StringComparison.Ordinal);
        Assert.Equal((0, 1), (callsBefore, _world.Vendor.Calls));
        Assert.NotNull(await _world.Process.GetAsync());
        Assert.Null((await _world.Process.EntryAsync()).SignedOutAt);
    }

    [Fact]
    public async Task A_success_is_on_record_with_the_credential_version_it_was_obtained_with()
    {
        await _world.Process.GetAsync();

        var entry = await _world.Process.EntryAsync();

        Assert.Equal((_world.Now, null, 0), (entry.LastSuccess, entry.LastFailure, entry.FailuresInRow));
        Assert.EndsWith("=v1", entry.CredentialVersion, StringComparison.Ordinal);
    }
}
