using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Ledger;
using BackupFunctions.Status;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

/// <summary>An operator signs a connection out.</summary>
public sealed class SignOutTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    [Fact]
    public async Task Nothing_is_left_and_nothing_is_tried_until_an_operator_renews()
    {
        await _world.Process.GetAsync();

        await _world.Process.SignOutAsync();

        Assert.Null(_world.Store.AccessTokenOf(_world.Connection));
        Assert.Null(_world.Store.RefreshTokenOf(_world.Connection));
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
        _world.Advance(7200);
        var report = await _world.Process.SweepAsync();
        Assert.Equal((0, 1, 1), (report.Renewed, report.Waiting, _world.Vendor.Calls));
        Assert.Equal(ConnectionHealth.SignedOut, (await _world.Process.StatusAsync()).Health);
        var token = await _world.Process.RefreshNowAsync();
        Assert.Same(token, await _world.Process.GetAsync());
        Assert.Equal(ConnectionHealth.Healthy, (await _world.Process.StatusAsync()).Health);
    }

    [Fact]
    public async Task An_enrolment_ends_it_too()
    {
        _world.Vendor.AcceptedCode = "123456";
        await _world.Process.SignOutAsync();

        await _world.Process.EnrolAsync("123456");

        Assert.NotNull(await _world.Process.GetAsync());
    }

    [Fact]
    public async Task The_vendor_is_told_with_the_newest_tokens_before_they_are_removed_and_under_the_lock()
    {
        var token = await _world.Process.GetAsync();
        (string? Access, string? Refresh)? ended = null;
        _world.Vendor.EndsSession = (access, refresh) =>
        {
            ended = (access?.Fingerprint, refresh?.Fingerprint);
            Assert.True(_world.Locks.IsHeld(_world.Connection.Key));
            Assert.NotNull(_world.Store.RefreshTokenOf(_world.Connection));
            return Task.CompletedTask;
        };
        var refreshToken = _world.Store.RefreshTokenOf(_world.Connection)!.Fingerprint;

        var report = await _world.StartProcess().SignOutAsync();

        Assert.Equal((token.Fingerprint, refreshToken), ended);
        Assert.True(report.EndedAtVendor);
    }

    [Fact]
    public async Task A_vendor_that_cannot_be_reached_does_not_stop_it()
    {
        await _world.Process.GetAsync();
        _world.Vendor.EndsSession = (_, _) =>
            throw new TokenException(FailureKind.VendorUnavailable, "It could not be reached.");

        var report = await _world.Process.SignOutAsync();

        Assert.False(report.EndedAtVendor);
        Assert.Contains(
            "It could not be reached. Its last token works there until 2026-11-22 13:00 UTC",
            report.Detail,
            StringComparison.Ordinal
        );
        Assert.Null(_world.Store.AccessTokenOf(_world.Connection));
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_fault_in_ending_the_session_does_not_stop_it()
    {
        await _world.Process.GetAsync();
        _world.Vendor.EndsSession = (_, _) => throw new NotSupportedException("our own mistake");

        var report = await _world.Process.SignOutAsync();

        Assert.False(report.EndedAtVendor);
        Assert.DoesNotContain("our own mistake", report.Detail, StringComparison.Ordinal);
        Assert.Null(_world.Store.RefreshTokenOf(_world.Connection));
    }

    [Fact]
    public async Task A_vendor_without_a_way_says_so_and_until_when_the_token_works()
    {
        await _world.Process.GetAsync();

        var report = await _world.Process.SignOutAsync();

        Assert.Equal(
            (
                false,
                "fake has no way to end a session. Its last token works "
                    + "there until 2026-11-22 13:00 UTC for anyone who has it."
            ),
            (report.EndedAtVendor, report.Detail)
        );
    }

    [Fact]
    public async Task Other_instances_hand_out_neither_what_they_have_in_memory_nor_what_the_vault_has_still()
    {
        var other = _world.StartProcess(ledger: new EverChanging(_world.Process.Ledger));
        var token = await other.GetAsync();
        await _world.Process.SignOutAsync();
        _world.Store.Put(_world.Connection, token);

        await other.Poller.PollAsync(CancellationToken.None);

        await Failing.With(FailureKind.SignedOut, other.GetAsync());
        await Failing.With(FailureKind.SignedOut, _world.StartProcess(ledger: _world.Process.Ledger).GetAsync());
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_token_that_is_granted_again_after_a_sign_out_is_as_good_as_new()
    {
        _world.Vendor.AlwaysGrants = SuiteLog.Guard("the-very-same-token");
        var other = _world.StartProcess(ledger: new EverChanging(_world.Process.Ledger));
        await other.GetAsync();
        await _world.Process.SignOutAsync();
        await other.Poller.PollAsync(CancellationToken.None);

        await other.RefreshNowAsync();

        Assert.Equal("the-very-same-token", (await other.GetAsync()).Reveal());
    }

    [Fact]
    public async Task A_renewal_that_is_under_way_brings_nobody_a_token()
    {
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;

        var signOut = _world.Process.SignOutAsync();
        held.Release();
        await signOut;

        await Failing.With(FailureKind.SignedOut, call);
        Assert.Null(_world.Store.RefreshTokenOf(_world.Connection));
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_renewal_of_another_instance_that_is_under_way_ends_no_sign_out()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        var held = _world.Vendor.HoldsOnce();
        var call = other.GetAsync();
        await held.Entered;

        _world.Locks.IsHeldElsewhere = true;
        var report = await _world.Process.SignOutAsync();
        held.Release();

        await Failing.With(FailureKind.SignedOut, call);
        await Failing.With(FailureKind.SignedOut, other.GetAsync());
        Assert.Contains("sign it out again", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_out_comes_after_the_renewal_of_an_operator_that_was_under_way()
    {
        var held = _world.Vendor.HoldsOnce();
        var renewal = _world.Process.RefreshNowAsync();
        await held.Entered;

        var signOut = _world.Process.SignOutAsync();
        _world.Advance(1);
        held.Release();
        await Record.ExceptionAsync(() => renewal);
        await signOut;

        Assert.NotNull((await _world.Process.EntryAsync()).SignedOutAt);
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
        await Failing.With(FailureKind.SignedOut, _world.StartProcess(ledger: _world.Process.Ledger).GetAsync());
    }

    [Fact]
    public async Task The_token_in_memory_is_not_served_while_a_sign_out_waits_for_its_turn()
    {
        await _world.Process.GetAsync();
        _world.Advance(60);
        var held = _world.Vendor.HoldsOnce();
        var renewal = _world.Process.RefreshNowAsync();
        await held.Entered;
        var signOut = _world.Process.SignOutAsync();

        var call = _world.Process.GetAsync();
        var wasServed = call.IsCompletedSuccessfully;
        held.Release();
        await Record.ExceptionAsync(() => renewal);
        await signOut;

        Assert.False(wasServed);
        await Failing.With(FailureKind.SignedOut, call);
    }

    [Fact]
    public async Task Who_asks_while_it_is_under_way_is_told_so()
    {
        await _world.Process.GetAsync();
        var ending = new HeldCall();
        _world.Vendor.EndsSession = (_, _) => ending.EnterAsync();

        var signOut = _world.Process.SignOutAsync();
        await ending.Entered;
        var call = _world.Process.GetAsync();
        ending.Release();
        await signOut;

        await Failing.With(FailureKind.SignedOut, call);
    }

    [Fact]
    public async Task An_instance_that_learns_of_it_in_the_refresh_window_does_not_serve_the_old_token()
    {
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        await other.GetAsync();
        _world.Advance(3310);
        await _world.Process.SignOutAsync();

        await Failing.With(FailureKind.SignedOut, other.GetAsync());

        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_lock_whose_storage_is_away_does_not_stop_it()
    {
        await _world.Process.GetAsync();
        _world.Locks.IsAway = true;

        var report = await _world.Process.SignOutAsync();

        Assert.Contains("sign it out again when its storage is back", report.Detail, StringComparison.Ordinal);
        Assert.Null(_world.Store.RefreshTokenOf(_world.Connection));
    }

    [Fact]
    public async Task A_connection_without_a_token_is_signed_out_too()
    {
        var report = await _world.Process.SignOutAsync();

        Assert.False(report.EndedAtVendor);
        await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
        Assert.Equal(0, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Who_asks_a_connection_that_is_signed_out_again_and_again_costs_the_vault_one_read_a_second()
    {
        await _world.Process.SignOutAsync();
        var before = _world.Store.Reads;

        for (var i = 0; i < 30; i++)
        {
            await Failing.With(FailureKind.SignedOut, _world.Process.GetAsync());
            _world.Advance(0.1);
        }

        Assert.Equal(3, _world.Store.Reads - before);
    }

    [Fact]
    public void A_sign_out_during_an_outage_of_storage_is_not_forgotten_for_what_others_noted_since()
    {
        var here = new LedgerEntry { SignedOutAt = _world.Now };
        var there = new LedgerEntry
        {
            LastSuccess = _world.Now.AddMinutes(1),
            LastFailureAt = _world.Now.AddMinutes(2),
        };

        Assert.Equal(_world.Now, here.MergedWith(there).SignedOutAt);
        Assert.Equal(_world.Now, there.MergedWith(here).SignedOutAt);
        Assert.Null(here.MergedWith(there with { SignedInAt = _world.Now.AddMinutes(1) }).SignedOutAt);
    }
}
