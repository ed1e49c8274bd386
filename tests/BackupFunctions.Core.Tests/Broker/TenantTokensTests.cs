using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Broker;

public sealed class TenantTokensTests
{
    private static readonly Guid Tenant = new("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11");
    private static readonly Guid OtherTenant = new("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a12");
    private readonly TokenWorld _world = new();

    private Connection DefinedAnew => FakeConnection.Named(_world.Connection.Key.Connection, _world.Vendor.Profile);

    [Fact]
    public async Task A_tenants_token_is_kept_and_not_asked_for_again()
    {
        var first = await _world.Process.GetForTenantAsync(Tenant);

        var second = await _world.Process.GetForTenantAsync(Tenant);

        Assert.Same(first, second);
        Assert.Equal((1, 1), (_world.Vendor.Calls, _world.Vendor.TenantCalls));
    }

    [Fact]
    public async Task Each_tenant_has_a_token_of_its_own()
    {
        var first = await _world.Process.GetForTenantAsync(Tenant);
        var second = await _world.Process.GetForTenantAsync(OtherTenant);

        Assert.NotEqual(first.Fingerprint, second.Fingerprint);
        Assert.NotEqual(first.Fingerprint, (await _world.Process.GetAsync()).Fingerprint);
    }

    [Fact]
    public async Task A_tenants_token_is_not_written_to_the_vault()
    {
        await _world.Process.GetForTenantAsync(Tenant);
        await _world.Process.DrainAsync();

        Assert.Equal([_world.Connection.TokenSecretName], _world.Store.Writes);
        Assert.Equal(
            (await _world.Process.GetAsync()).Fingerprint,
            _world.Store.AccessTokenOf(_world.Connection)?.Fingerprint
        );
    }

    [Fact]
    public async Task A_thousand_concurrent_calls_for_one_tenant_make_one_vendor_call()
    {
        var tokens = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _world.Process.GetForTenantAsync(Tenant)))
        );

        Assert.Single(tokens.Distinct());
        Assert.Equal(1, _world.Vendor.TenantCalls);
    }

    [Fact]
    public async Task One_vendor_call_of_a_connection_is_under_way_at_a_time()
    {
        await _world.Process.GetAsync();

        await Task.WhenAll(
            Enumerable
                .Range(1, 50)
                .Select(i => Task.Run(() => _world.Process.GetForTenantAsync(new Guid(i, 0, 0, new byte[8]))))
        );

        Assert.Equal((50, 1), (_world.Vendor.TenantCalls, _world.Vendor.MostAtOnce));
    }

    [Fact]
    public async Task A_tenants_token_dies_with_its_base_token()
    {
        var old = await _world.Process.GetForTenantAsync(Tenant);
        await _world.Process.RejectAsync(await _world.Process.GetAsync());

        var token = await _world.Process.GetForTenantAsync(Tenant);

        Assert.NotSame(old, token);
        Assert.Equal(2, _world.Vendor.TenantCalls);
    }

    [Fact]
    public async Task A_tenants_token_that_is_too_short_for_the_caller_is_obtained_anew()
    {
        _world.Vendor.TenantLifetime = TimeSpan.FromSeconds(600);
        var old = await _world.Process.GetForTenantAsync(Tenant);
        _world.Advance(545);

        var token = await _world.Process.GetForTenantAsync(Tenant);

        Assert.NotSame(old, token);
        Assert.Equal((1, 2), (_world.Vendor.Calls, _world.Vendor.TenantCalls));
    }

    [Fact]
    public async Task A_tenants_token_that_is_still_usable_is_served_when_another_cannot_be_had()
    {
        var old = await _world.Process.GetForTenantAsync(Tenant);
        _world.Advance(3000);
        _world.Vendor.FailsTenantOnce(FailureKind.VendorUnavailable);

        var token = await _world.Process.GetForTenantAsync(Tenant);
        var whileBackingOff = await _world.Process.GetForTenantAsync(Tenant);

        Assert.Equal(2, _world.Vendor.Calls);
        Assert.Equal((old, old), (token, whileBackingOff));
        Assert.Equal(2, _world.Vendor.TenantCalls);
    }

    [Fact]
    public async Task A_tenants_token_of_a_rejected_base_token_is_not_served_when_another_cannot_be_had()
    {
        await _world.Process.GetForTenantAsync(Tenant);
        await _world.Process.RejectAsync(await _world.Process.GetAsync());
        _world.Vendor.FailsTenantOnce(FailureKind.VendorUnavailable);

        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetForTenantAsync(Tenant));
    }

    [Theory]
    [InlineData(FailureKind.VendorThrottled)]
    [InlineData(FailureKind.VendorUnavailable)]
    public async Task A_vendor_that_is_away_or_throttles_is_left_alone_for_every_tenant(FailureKind kind)
    {
        await _world.Process.GetAsync();
        _world.Vendor.FailsTenantOnce(kind, TimeSpan.FromSeconds(60));
        await Failing.With(kind, _world.Process.GetForTenantAsync(Tenant));

        await Failing.With(kind, _world.Process.GetForTenantAsync(OtherTenant));
        var callsMeanwhile = _world.Vendor.TenantCalls;
        _world.Advance(120);
        await _world.Process.GetForTenantAsync(OtherTenant);

        Assert.Equal((1, 2), (callsMeanwhile, _world.Vendor.TenantCalls));
    }

    [Fact]
    public async Task A_tenants_token_arrives_although_its_connection_is_forgotten_meanwhile()
    {
        await _world.Process.GetAsync();
        var held = _world.Vendor.HoldsTenantOnce();
        var first = _world.Process.GetForTenantAsync(Tenant);
        await held.Entered;
        var second = _world.Process.GetForTenantAsync(OtherTenant);

        _world.Process.States.Removed(_world.Connection, isReplaced: false);
        held.Release();

        Assert.NotEqual((await first).Fingerprint, (await second).Fingerprint);
    }

    [Fact]
    public async Task A_connection_that_is_defined_anew_does_not_wait_for_what_its_forerunner_met()
    {
        _world.Vendor.FailsTenantOnce(FailureKind.VendorThrottled, TimeSpan.FromSeconds(60));
        await Failing.With(FailureKind.VendorThrottled, _world.Process.GetForTenantAsync(Tenant));

        Assert.NotNull(
            await _world.Process.Tenants.GetAsync(DefinedAnew, Tenant, new TokenRequest(), CancellationToken.None)
        );
    }

    [Fact]
    public async Task Who_waits_for_a_tenants_token_does_not_bring_back_what_the_connection_was_before()
    {
        await _world.Process.GetAsync();
        var held = _world.Vendor.HoldsTenantOnce();
        var first = _world.Process.GetForTenantAsync(Tenant);
        await held.Entered;
        var second = _world.Process.GetForTenantAsync(OtherTenant);
        var defined = DefinedAnew;
        await _world.Process.Broker.GetAsync(defined, new TokenRequest(), CancellationToken.None);

        held.Release();
        await Task.WhenAll(first, second);

        Assert.NotNull(_world.Process.States.Find(defined)?.Current);
    }

    [Fact]
    public async Task A_refused_tenant_does_not_touch_the_connections_own_state()
    {
        var own = await _world.Process.GetAsync();
        _world.Vendor.FailsTenantOnce(FailureKind.TenantRefused);

        await Failing.With(FailureKind.TenantRefused, _world.Process.GetForTenantAsync(Tenant));

        Assert.Same(own, await _world.Process.GetAsync());
        Assert.Equal(
            (null, 0),
            ((await _world.Process.EntryAsync()).LastFailure, (await _world.Process.EntryAsync()).FailuresInRow)
        );
        Assert.NotNull(await _world.Process.GetForTenantAsync(OtherTenant));
        Assert.NotNull(await _world.Process.RefreshNowAsync());
    }

    [Fact]
    public async Task A_refused_tenant_is_not_asked_for_again_for_a_while()
    {
        _world.Vendor.FailsTenantOnce(FailureKind.TenantRefused);
        await Failing.With(FailureKind.TenantRefused, _world.Process.GetForTenantAsync(Tenant));

        var failure = await Failing.With(FailureKind.TenantRefused, _world.Process.GetForTenantAsync(Tenant));
        _world.Advance(30);
        var token = await _world.Process.GetForTenantAsync(Tenant);

        Assert.True(failure.WasNotTried);
        Assert.NotNull(token);
        Assert.Equal(2, _world.Vendor.TenantCalls);
    }

    [Fact]
    public async Task A_longer_Retry_After_is_respected_up_to_an_hour()
    {
        _world.Vendor.FailsTenantOnce(FailureKind.VendorThrottled, TimeSpan.FromDays(1));

        var failure = await Failing.With(FailureKind.VendorThrottled, _world.Process.GetForTenantAsync(Tenant));

        Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
    }

    [Fact]
    public async Task A_rejected_tenants_token_is_obtained_anew_and_the_connections_own_is_left_alone()
    {
        var own = await _world.Process.GetAsync();
        var rejected = await _world.Process.GetForTenantAsync(Tenant);

        var token = await _world.Process.GetForTenantAsync(
            Tenant,
            new TokenRequest { Rejected = rejected.Fingerprint }
        );

        Assert.NotEqual(rejected.Fingerprint, token.Fingerprint);
        Assert.Same(token, await _world.Process.GetForTenantAsync(Tenant));
        Assert.Same(own, await _world.Process.GetAsync());
    }

    [Fact]
    public async Task An_earlier_tenants_token_that_is_rejected_late_has_no_effect()
    {
        var first = new TokenRequest { Rejected = (await _world.Process.GetForTenantAsync(Tenant)).Fingerprint };
        var second = await _world.Process.GetForTenantAsync(Tenant, first);
        var third = await _world.Process.GetForTenantAsync(Tenant, new TokenRequest { Rejected = second.Fingerprint });

        var token = await _world.Process.GetForTenantAsync(Tenant, first);

        Assert.Same(third, token);
        Assert.Equal(3, _world.Vendor.TenantCalls);
    }

    [Fact]
    public async Task Callers_who_reject_one_tenants_token_after_another_are_braked()
    {
        var token = await _world.Process.GetForTenantAsync(Tenant);
        for (var i = 0; i < RejectedTokens.Burst; i++)
        {
            token = await _world.Process.GetForTenantAsync(Tenant, new TokenRequest { Rejected = token.Fingerprint });
        }

        var last = new TokenRequest { Rejected = token.Fingerprint };
        await Failing.With(FailureKind.BackingOff, _world.Process.GetForTenantAsync(Tenant, last));
        _world.Advance(30);

        Assert.NotNull(await _world.Process.GetForTenantAsync(Tenant, last));
        Assert.NotNull(await _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_renewal_by_hand_brings_a_new_base_token_and_a_new_tenants_token()
    {
        var old = await _world.Process.GetForTenantAsync(Tenant);
        _world.Advance(31);

        var token = await _world.Process.GetForTenantAsync(Tenant, new TokenRequest { Refresh = true });

        Assert.NotSame(old, token);
        Assert.Equal((2, 2), (_world.Vendor.Calls, _world.Vendor.TenantCalls));
    }

    [Fact]
    public async Task The_cache_is_bounded_and_forgets_what_was_not_used_for_longest()
    {
        await _world.Process.GetForTenantAsync(Tenant);
        _world.Advance(0.01);
        for (var i = 1; i < TenantTokens.Capacity; i++)
        {
            await _world.Process.GetForTenantAsync(new Guid(i, 0, 0, new byte[8]));
        }

        _world.Advance(0.01);
        await _world.Process.GetForTenantAsync(Tenant);
        _world.Advance(0.01);
        await _world.Process.GetForTenantAsync(OtherTenant);
        var calls = _world.Vendor.TenantCalls;

        await _world.Process.GetForTenantAsync(Tenant);
        var callsForUsed = _world.Vendor.TenantCalls;
        await _world.Process.GetForTenantAsync(new Guid(1, 0, 0, new byte[8]));

        Assert.Equal((calls, calls + 1), (callsForUsed, _world.Vendor.TenantCalls));
    }

    [Fact]
    public async Task A_caller_who_goes_away_does_not_end_the_call_for_the_others()
    {
        using var caller = new CancellationTokenSource();
        var held = _world.Vendor.HoldsTenantOnce();
        var gone = _world.Process.Tenants.GetAsync(_world.Connection, Tenant, new TokenRequest(), caller.Token);
        await held.Entered;
        var patient = _world.Process.GetForTenantAsync(Tenant);

        await caller.CancelAsync();
        var wentAway = Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await wentAway;
        held.Release();

        Assert.NotNull(await patient);
        Assert.Equal(1, _world.Vendor.TenantCalls);
    }
}
