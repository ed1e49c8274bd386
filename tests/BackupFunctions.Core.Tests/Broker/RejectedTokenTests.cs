using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.State;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class RejectedTokenTests
{
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task A_rejected_token_is_renewed_if_it_is_the_current_one()
    {
        var rejected = await _world.Process.GetAsync();

        var token = await _world.Process.RejectAsync(rejected);

        Assert.NotEqual(rejected.Fingerprint, token.Fingerprint);
        Assert.Same(token, await _world.Process.GetAsync());
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_rejection_of_an_earlier_token_has_no_effect_on_the_current_one()
    {
        var first = await _world.Process.GetAsync();
        var second = await _world.Process.RejectAsync(first);

        var token = await _world.Process.RejectAsync(first);

        Assert.Same(second, token);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_hundred_callers_who_reject_the_same_token_cost_one_renewal()
    {
        var rejected = await _world.Process.GetAsync();

        var tokens = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => _world.Process.RejectAsync(rejected)))
        );

        Assert.DoesNotContain(rejected, tokens);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_rejected_token_is_not_taken_from_the_vault_again()
    {
        var rejected = await _world.Process.GetAsync();
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");

        await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(rejected));
        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Equal(rejected.Fingerprint, _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint);
    }

    [Fact]
    public async Task A_process_that_has_just_started_does_not_load_a_token_that_its_first_caller_rejects()
    {
        var rejected = _world.ForeignToken();
        _world.Store.Put(_world.Connection, rejected);

        var token = await _world.Process.RejectAsync(rejected);

        Assert.NotEqual(rejected.Fingerprint, token.Fingerprint);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_rejected_token_is_not_handed_out_again_however_many_others_are_rejected_after_it()
    {
        var rejected = await _world.Process.GetAsync();
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(rejected));

        for (var i = 0; i < 100; i++)
        {
            await Failing.With(
                FailureKind.BackingOff,
                _world.Process.GetAsync(new TokenRequest { Rejected = $"{i:x16}" })
            );
        }

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_vendor_that_grants_the_rejected_token_once_more_has_sent_an_unusable_reply()
    {
        _world.Vendor.AlwaysGrants = SuiteLog.Guard("always-the-same-token");
        var rejected = await _world.Process.GetAsync();

        await Failing.With(FailureKind.VendorReplyUnusable, _world.Process.RejectAsync(rejected));
        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task The_others_are_told_of_a_rejection_before_the_vault_is_read_for_it_may_be_unavailable()
    {
        var rejected = await _world.Process.GetAsync();
        _world.Store.ReadOutage = FailureKind.VaultUnavailable;
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");

        await Failing.With(FailureKind.VendorUnavailable, _world.Process.RejectAsync(rejected));

        var record = await _world.Process.Ledger.ReadAsync(_world.Connection.Key, newest: true, CancellationToken.None);
        Assert.Contains(rejected.Fingerprint, record.Rejected);
    }

    [Fact]
    public async Task Another_process_renewal_of_a_rejected_token_counts_here_too()
    {
        var rejected = await _world.Process.GetAsync();
        var other = _world.StartProcess();
        var theirs = await other.RejectAsync(rejected);

        var token = await _world.Process.RejectAsync(rejected);

        Assert.Equal(theirs.Fingerprint, token.Fingerprint);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Callers_who_reject_one_token_after_another_are_braked()
    {
        var token = await _world.Process.GetAsync();
        for (var i = 0; i < RejectedTokens.Burst; i++)
        {
            token = await _world.Process.RejectAsync(token);
        }

        var failure = await Failing.With(FailureKind.BackingOff, _world.Process.RejectAsync(token));

        Assert.Equal(RejectedTokens.Interval, failure.RetryAfter);
        Assert.Equal(1 + RejectedTokens.Burst, _world.Vendor.Calls);
    }

    [Fact]
    public async Task The_brake_lets_one_renewal_go_in_each_interval()
    {
        var token = await _world.Process.GetAsync();
        for (var i = 0; i < RejectedTokens.Burst; i++)
        {
            token = await _world.Process.RejectAsync(token);
        }

        await Failing.With(FailureKind.BackingOff, _world.Process.RejectAsync(token));
        _world.Advance(30);
        token = await _world.Process.GetAsync();
        await Failing.With(FailureKind.BackingOff, _world.Process.RejectAsync(token));
        _world.Advance(29);
        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        _world.Advance(1);
        await _world.Process.GetAsync();

        Assert.Equal(3 + RejectedTokens.Burst, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Rejections_that_are_rare_are_never_braked()
    {
        var token = await _world.Process.GetAsync();

        for (var i = 0; i < 20; i++)
        {
            _world.Advance(30);
            token = await _world.Process.RejectAsync(token);
        }

        Assert.Equal(21, _world.Vendor.Calls);
    }

    [Fact]
    public async Task An_operator_passes_the_brake()
    {
        var token = await _world.Process.GetAsync();
        for (var i = 0; i < RejectedTokens.Burst; i++)
        {
            token = await _world.Process.RejectAsync(token);
        }

        await Failing.With(FailureKind.BackingOff, _world.Process.RejectAsync(token));

        Assert.NotNull(await _world.Process.RefreshNowAsync());
    }
}
