using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

public sealed class RefusedCredentialsTests
{
    private readonly TokenWorld _world = new();

    [Fact]
    public async Task What_is_missing_after_the_secret_was_sent_holds_like_a_refusal_until_the_credentials_change()
    {
        _world.Vendor.MissesSecondCredential = true;
        await Failing.With(FailureKind.CredentialMissing, _world.Process.GetAsync());
        _world.Advance(59 * 60);
        await Failing.With(FailureKind.CredentialMissing, _world.Process.GetAsync());
        var callsMeanwhile = _world.Vendor.Calls;

        _world.Vendor.MissesSecondCredential = false;
        _world.Credentials.Version = "v2";
        _world.Advance(1);
        await _world.Process.GetAsync();

        Assert.Equal((1, 2), (callsMeanwhile, _world.Vendor.Calls));
    }

    [Fact]
    public async Task While_credentials_are_held_the_vault_is_asked_for_newer_ones_once_a_second()
    {
        _world.Vendor.RefusedVersions.Add("v1");
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Advance(1);
        var before = _world.Credentials.VaultReads;

        for (var call = 0; call < 50; call++)
        {
            await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
            _world.Advance(0.1);
        }

        Assert.InRange(_world.Credentials.VaultReads - before, 4, 6);
    }

    [Fact]
    public async Task A_rotated_secret_is_read_anew_and_tried_at_once()
    {
        var token = await _world.Process.GetAsync();
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Credentials.Version = "v2";

        var renewed = await _world.Process.RejectAsync(token);

        Assert.NotSame(token, renewed);
        Assert.Equal(["v1", "v1", "v2"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task An_unchanged_secret_is_not_tried_again()
    {
        _world.Vendor.RefusedVersions.Add("v1");

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.Equal(["v1"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_new_secret_that_is_refused_too_is_tried_once()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.UnionWith(["v1", "v2"]);
        _world.Credentials.Version = "v2";

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.Equal(["v1", "v1", "v2"], _world.Vendor.UsedVersions);
        Assert.Contains("v2", (await _world.Process.EntryAsync()).RefusedCredentialVersion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_vault_cannot_say_whether_the_secret_is_another_it_is_not_tried_again()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Credentials.Outage = FailureKind.VaultUnavailable;

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.Equal(2, _world.Vendor.Calls);
    }

    [Theory]
    [InlineData(FailureKind.CredentialsRefused)]
    [InlineData(FailureKind.EnrolmentNeeded)]
    public async Task A_refusal_is_held_for_an_hour(FailureKind kind)
    {
        _world.Vendor.Outage = new TokenFailure(kind, "It refuses.");
        await Failing.With(kind, _world.Process.GetAsync());

        _world.Advance(3599);
        await Failing.With(kind, _world.Process.GetAsync());
        var callsWithinTheHour = _world.Vendor.Calls;
        _world.Advance(1);
        await Failing.With(kind, _world.Process.GetAsync());

        Assert.Equal((1, 2), (callsWithinTheHour, _world.Vendor.Calls));
    }

    [Fact]
    public async Task A_new_version_lifts_the_hold_at_once()
    {
        _world.Vendor.RefusedVersions.Add("v1");
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Credentials.Version = "v2";

        var token = await _world.Process.GetAsync();

        Assert.NotNull(token);
        Assert.Equal(["v1", "v2"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_new_version_lifts_the_hold_of_a_sign_in_that_needed_a_person()
    {
        _world.Vendor.AsksForEnrolment = true;
        await Failing.With(FailureKind.EnrolmentNeeded, _world.Process.GetAsync());
        _world.Vendor.AsksForEnrolment = false;
        _world.Credentials.Version = "v2";

        Assert.NotNull(await _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_sweep_lifts_the_hold_too_while_callers_get_the_old_token()
    {
        var old = await _world.Process.GetAsync();
        _world.Advance(2800);
        _world.Vendor.RefusedVersions.Add("v1");
        Assert.Same(old, await _world.Process.GetAsync());
        _world.Credentials.Version = "v2";

        var report = await _world.Process.SweepAsync();

        Assert.Equal(1, report.Renewed);
        Assert.NotSame(old, await _world.Process.GetAsync());
    }

    [Fact]
    public async Task A_vault_that_is_down_does_not_lift_the_hold()
    {
        _world.Vendor.RefusedVersions.Add("v1");
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());
        _world.Credentials.Outage = FailureKind.VaultUnavailable;

        var failure = await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.True(failure.WasNotTried);
        Assert.Equal(1, _world.Vendor.Calls);
    }
}
