using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

public sealed class RefusalLimitTests
{
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task After_three_refusals_in_an_hour_not_even_a_new_version_is_tried()
    {
        await RefuseThreeVersionsAsync();

        _world.Credentials.Version = "v4";
        var failure = await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.True(failure.WasNotTried);
        Assert.Contains("3 times within an hour", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("before 13:00 UTC", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(["v1", "v2", "v3"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task An_hour_after_the_first_refusal_the_new_version_is_tried()
    {
        await RefuseThreeVersionsAsync();
        _world.Credentials.Version = "v4";

        _world.Advance(3600 - 130);
        var token = await _world.Process.GetAsync();

        Assert.NotNull(token);
        Assert.Equal(["v1", "v2", "v3", "v4"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task An_operator_may_try_all_the_same()
    {
        await RefuseThreeVersionsAsync();
        _world.Credentials.Version = "v4";
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.NotNull(await _world.Process.RefreshNowAsync());
    }

    [Fact]
    public async Task Refusals_count_also_where_the_credentials_worked_in_between()
    {
        await RefuseThreeVersionsWithSuccessBetweenAsync();
        var token = await _world.Process.GetAsync();

        var failure = await Failing.With(FailureKind.CredentialsRefused, _world.Process.RejectAsync(token));

        Assert.Contains("3 times within an hour", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(["v1", "v2", "v2", "v3", "v3"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_refresh_token_that_works_is_used_while_credentials_are_not_sent()
    {
        var world = new TokenWorld(rotatesRefreshTokens: true);
        await world.Process.GetAsync();
        await world.Process.Ledger.UpdateAsync(
            world.Connection.Key,
            entry =>
                entry with
                {
                    Refusals =
                    [
                        world.Now - TimeSpan.FromMinutes(3),
                        world.Now - TimeSpan.FromMinutes(2),
                        world.Now - TimeSpan.FromMinutes(1),
                    ],
                },
            CancellationToken.None
        );
        world.Advance(3000);

        var token = await world.Process.GetAsync(minimumLifetime: 3000);

        Assert.Equal(world.Now, token.IssuedAt);
        Assert.Single(world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_dead_refresh_token_is_sent_once_while_credentials_are_not()
    {
        var world = new TokenWorld(rotatesRefreshTokens: true);
        await world.Process.GetAsync();
        var firstRefusal = world.Now - TimeSpan.FromMinutes(3);
        await world.Process.Ledger.UpdateAsync(
            world.Connection.Key,
            entry =>
                entry with
                {
                    Refusals = [firstRefusal, world.Now - TimeSpan.FromMinutes(2), world.Now - TimeSpan.FromMinutes(1)],
                },
            CancellationToken.None
        );
        world.Vendor.ForgetRefreshTokens();
        world.Advance(3000);

        var failure = await Failing.With(FailureKind.BackingOff, world.Process.GetAsync(minimumLifetime: 3000));
        await Failing.With(
            FailureKind.BackingOff,
            world.StartProcess(ledger: world.Process.Ledger).GetAsync(minimumLifetime: 3000)
        );

        Assert.Equal(firstRefusal + TimeSpan.FromHours(1) - world.Now, failure.RetryAfter);
        Assert.Equal((1, 1), (world.Vendor.Spent.Count, world.Vendor.UsedVersions.Count));
    }

    [Fact]
    public async Task Credentials_that_an_operator_mended_are_not_held_back_by_what_was_refused_before()
    {
        await RefuseThreeVersionsAsync();
        _world.Credentials.Version = "v4";
        var token = await _world.Process.RefreshNowAsync();

        Assert.NotEqual(token.Fingerprint, (await _world.Process.RejectAsync(token)).Fingerprint);
    }

    [Fact]
    public async Task A_rotation_within_one_attempt_counts_both_refusals()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.UnionWith(["v1", "v2"]);
        _world.Credentials.Version = "v2";

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.Equal([_world.Now, _world.Now], (await _world.Process.EntryAsync()).Refusals);
    }

    [Fact]
    public async Task A_second_sign_in_of_one_attempt_is_counted_before_it_is_made_and_so_is_the_refusal_before_it()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Vendor.BeforeRefusal = () => _world.Credentials.Version = "v2";
        _world.Vendor.PassesOnce();
        var held = _world.Vendor.HoldsOnce();
        var call = _world.Process.GetAsync();
        await held.Entered;

        var meanwhile = (await _world.Process.EntryAsync()).Refusals.Count;
        held.Release();
        await call;

        Assert.Equal((2, 1), (meanwhile, (await _world.Process.EntryAsync()).Refusals.Count));
    }

    [Fact]
    public async Task The_last_refusal_that_is_left_is_not_followed_by_another_version_in_the_same_attempt()
    {
        _world.Vendor.RefusedVersions.UnionWith(["v1", "v2", "v3"]);
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Credentials.Version = "v2";
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Advance(10);
        _world.Credentials.Version = "v3";
        _world.Vendor.BeforeRefusal = () => _world.Credentials.Version = "v4";

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.Equal(["v1", "v2", "v3"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task After_a_refusal_an_attempt_counts_before_it_is_made_so_that_a_killed_one_is_not_forgotten()
    {
        _world.Vendor.RefusedVersions.Add("v1");
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Credentials.Version = "v2";
        _world.Advance(10);
        var held = _world.Vendor.HoldsOnce();
        var second = _world.Process.GetAsync();
        await held.Entered;

        var during = (await _world.Process.EntryAsync()).Refusals.Count;
        held.Release();
        await second;
        var afterwards = (await _world.Process.EntryAsync()).Refusals.Count;

        Assert.Equal((2, 1), (during, afterwards));
    }

    [Fact]
    public async Task Three_attempts_of_which_nobody_knows_the_end_are_waited_for_too()
    {
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { Refusals = [_world.Now, _world.Now, _world.Now] },
            CancellationToken.None
        );

        var failure = await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());

        Assert.Equal((TimeSpan.FromHours(1), 0), (failure.RetryAfter, _world.Vendor.Calls));
    }

    /// <summary>
    /// Each time the vault has the next version the moment that one is refused; after the third refusal it is not
    /// tried.
    /// </summary>
    private async Task RefuseThreeVersionsWithSuccessBetweenAsync()
    {
        for (var refusal = 1; refusal <= 3; refusal++)
        {
            var next = $"v{refusal + 1}";
            _world.Vendor.RefusedVersions.Add($"v{refusal}");
            _world.Vendor.BeforeRefusal = () => _world.Credentials.Version = next;
            await _world.Process.GetAsync(new TokenRequest { Refresh = true });
            _world.Advance(60);
        }
    }

    /// <summary>Two minutes pass from the first refusal, at noon, to the last.</summary>
    private async Task RefuseThreeVersionsAsync()
    {
        _world.Vendor.RefusedVersions.UnionWith(["v1", "v2", "v3"]);
        foreach (var version in (string[])["v1", "v2", "v3"])
        {
            _world.Credentials.Version = version;
            await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
            _world.Advance(version == "v3" ? 0 : 60);
        }

        _world.Advance(10);
    }
}
