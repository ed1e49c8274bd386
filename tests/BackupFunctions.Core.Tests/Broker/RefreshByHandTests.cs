using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class RefreshByHandTests
{
    private static readonly TokenRequest ByHand = new() { Refresh = true };
    private readonly TokenWorld _world = new();

    [Theory]
    [InlineData(29, 1)]
    [InlineData(31, 2)]
    public async Task A_token_younger_than_30_s_is_handed_out_instead(int age, int vendorCalls)
    {
        await _world.Process.GetAsync();
        _world.Advance(age);

        await _world.Process.GetAsync(ByHand);

        Assert.Equal(vendorCalls, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_young_token_of_another_process_is_handed_out_instead()
    {
        await _world.Process.GetAsync();
        _world.Advance(100);
        _world.Store.Put(_world.Connection, _world.ForeignToken(age: 10));

        var token = await _world.Process.GetAsync(ByHand);

        Assert.Equal("foreign-access-token", token.Reveal());
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_thousand_renewals_by_hand_at_once_are_one()
    {
        await _world.Process.GetAsync();
        _world.Advance(100);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _world.Process.GetAsync(ByHand))));

        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task The_old_token_is_served_when_the_renewal_by_hand_fails()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(100);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        Assert.Same(old, await _world.Process.GetAsync(ByHand));
    }

    [Fact]
    public async Task A_renewal_by_hand_respects_back_off()
    {
        await _world.Process.GetAsync();
        _world.Advance(100);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await _world.Process.GetAsync(ByHand);

        await _world.Process.GetAsync(ByHand);

        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.VendorUnavailable)]
    [InlineData(FailureKind.CredentialsRefused)]
    [InlineData(FailureKind.EnrolmentNeeded)]
    [InlineData(FailureKind.ServerNotTrusted)]
    public async Task An_operator_overrides_back_off_and_holds(FailureKind kind)
    {
        _world.Vendor.FailsOnce(kind);
        await Failing.With(kind, _world.Process.GetAsync());

        var token = await _world.Process.RefreshNowAsync();

        Assert.Same(token, await _world.Process.GetAsync());
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task An_operators_word_is_good_for_one_attempt()
    {
        _world.Vendor.Outage = new TokenFailure(FailureKind.CredentialsRefused, "It refuses.");
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.RefreshNowAsync());
        var calls = _world.Vendor.Calls;
        var failure = await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.True(failure.WasNotTried);
        Assert.Equal((2, 2), (calls, _world.Vendor.Calls));
    }

    [Fact]
    public async Task An_operator_gets_a_token_obtained_after_the_call_even_if_the_current_one_is_young()
    {
        var young = await _world.Process.GetAsync();
        _world.Advance(1);

        var token = await _world.Process.RefreshNowAsync();

        Assert.NotSame(young, token);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task An_operator_does_not_join_an_ordinary_renewal_but_waits_for_its_end()
    {
        var held = _world.Vendor.HoldsOnce();
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        var ordinary = _world.Process.GetAsync();
        await held.Entered;
        _world.Advance(1);
        var byOperator = _world.Process.RefreshNowAsync();

        held.Release();

        Assert.NotNull(await ordinary);
        await Failing.With(FailureKind.VendorUnavailable, byOperator);
        Assert.Equal((2, 1), (_world.Vendor.Calls, _world.Vendor.MostAtOnce));
    }

    [Fact]
    public async Task Everybody_joins_an_operators_renewal()
    {
        var held = _world.Vendor.HoldsOnce();
        var byOperator = _world.Process.RefreshNowAsync();
        await held.Entered;
        var calls = Enumerable
            .Range(0, 20)
            .Select(_ => _world.Process.GetAsync())
            .Append(_world.Process.RefreshNowAsync())
            .ToList();

        held.Release();
        var tokens = await Task.WhenAll(calls);

        Assert.Single(tokens.Append(await byOperator).Distinct());
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task An_operator_who_goes_away_does_not_end_the_renewal()
    {
        using var caller = new CancellationTokenSource();
        var held = _world.Vendor.HoldsOnce();
        var gone = _world.Process.Broker.RefreshNowAsync(_world.Connection, caller.Token);
        await held.Entered;

        await caller.CancelAsync();
        held.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await _world.Process.DrainAsync();

        Assert.Single(_world.Store.Writes);
    }
}
