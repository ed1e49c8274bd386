using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class MinimumLifetimeTests
{
    private readonly TokenWorld _world = new();

    [Theory]
    [InlineData(600, true)]
    [InlineData(601, false)]
    [InlineData(0, true)]
    public async Task A_token_is_usable_if_it_lives_at_least_as_long_as_the_caller_needs(
        int minimumLifetime,
        bool isServed
    )
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        var call = _world.Process.GetAsync(minimumLifetime);

        if (isServed)
        {
            Assert.Same(old, await call);
        }
        else
        {
            await Failing.With(FailureKind.VendorUnavailable, call);
        }
    }

    [Fact]
    public async Task A_minute_is_needed_where_the_caller_says_nothing()
    {
        var old = await _world.Process.GetAsync();
        _world.Vendor.Outage = new TokenFailure(FailureKind.VendorUnavailable, "It is down.");
        _world.Advance(3540);

        Assert.Same(old, await _world.Process.GetAsync());
        _world.Advance(0.001);
        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_token_that_is_too_short_for_this_caller_is_renewed_before_its_window()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(1000);

        var token = await _world.Process.GetAsync(minimumLifetime: 3000);

        Assert.NotSame(old, token);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_minimum_of_nearly_the_whole_life_does_not_bring_a_sign_in_at_every_call()
    {
        for (var i = 0; i < 10; i++)
        {
            await _world.Process.GetAsync(minimumLifetime: 3599);
            _world.Advance(2);
        }

        var callsWhileYoung = _world.Vendor.Calls;
        _world.Advance(10);
        await _world.Process.GetAsync(minimumLifetime: 3599);

        Assert.Equal((1, 2), (callsWhileYoung, _world.Vendor.Calls));
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(3601)]
    [InlineData(86400)]
    public async Task A_minimum_that_the_vendor_never_grants_brings_a_fresh_token_that_serves_for_half_its_life(
        int minimumLifetime
    )
    {
        var fresh = await _world.Process.GetAsync(minimumLifetime);
        _world.Advance(1799);

        var inFirstHalf = await _world.Process.GetAsync(minimumLifetime);
        var callsInFirstHalf = _world.Vendor.Calls;
        _world.Advance(1);
        var inSecondHalf = await _world.Process.GetAsync(minimumLifetime);
        var again = await _world.Process.GetAsync(minimumLifetime);

        Assert.Same(fresh, inFirstHalf);
        Assert.Equal(1, callsInFirstHalf);
        Assert.NotSame(fresh, inSecondHalf);
        Assert.Same(inSecondHalf, again);
        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_minimum_that_the_vendor_never_grants_is_content_with_another_process_fresh_token()
    {
        _world.Store.Put(_world.Connection, _world.ForeignToken(age: 100));

        var token = await _world.Process.GetAsync(minimumLifetime: 86400);

        Assert.Equal("foreign-access-token", token.Reveal());
        Assert.Equal(0, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(3500, true)]
    [InlineData(3541, false)]
    public async Task A_minimum_that_the_vendor_never_grants_gets_the_old_token_while_it_is_worth_anything_when_renewal_fails(
        int age,
        bool isServed
    )
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(age);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        var call = _world.Process.GetAsync(minimumLifetime: 86400);

        if (isServed)
        {
            Assert.Same(old, await call);
        }
        else
        {
            await Failing.With(FailureKind.VendorUnavailable, call);
        }
    }

    [Fact]
    public async Task A_minimum_of_almost_a_whole_life_gets_the_old_token_too_when_renewal_fails()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(60);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        Assert.Same(old, await _world.Process.GetAsync(minimumLifetime: 3590));
    }

    [Fact]
    public async Task Callers_who_need_almost_a_whole_life_share_renewals_and_do_not_queue_for_one_each()
    {
        _world.Vendor.Takes = TimeSpan.FromSeconds(5);
        var held = _world.Vendor.HoldsOnce();
        var calls = Enumerable.Range(0, 100).Select(_ => _world.Process.GetAsync(minimumLifetime: 3599)).ToList();
        await held.Entered;

        held.Release();
        var tokens = await Task.WhenAll(calls);

        Assert.InRange(_world.Vendor.Calls, 1, 2);
        Assert.All(tokens, token => Assert.True(token.IsUsable(_world.Now, TimeSpan.FromSeconds(3590))));
    }

    [Fact]
    public async Task One_who_needs_more_than_the_joined_renewal_brought_gets_one_of_its_own()
    {
        _world.Store.Put(_world.Connection, _world.ForeignToken(age: 2000));
        var reading = new HeldCall();
        _world.Store.BeforeRead = reading.EnterAsync;
        var content = _world.Process.GetAsync();
        await reading.Entered;
        var demanding = _world.Process.GetAsync(minimumLifetime: 3000);

        reading.Release();

        Assert.Equal("foreign-access-token", (await content).Reveal());
        Assert.NotEqual("foreign-access-token", (await demanding).Reveal());
        Assert.Equal(1, _world.Vendor.Calls);
    }
}
