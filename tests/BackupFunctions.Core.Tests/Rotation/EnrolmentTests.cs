using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Status;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Rotation;

/// <summary>A person gives a one-time code.</summary>
public sealed class EnrolmentTests
{
    private const string Code = "246810";

    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    public EnrolmentTests()
    {
        _world.Vendor.AsksForEnrolment = true;
        _world.Vendor.AcceptedCode = Code;
    }

    [Fact]
    public async Task A_code_ends_the_need_for_it_and_the_refresh_token_is_saved_before_anything_else()
    {
        await Failing.With(FailureKind.EnrolmentNeeded, _world.Process.GetAsync());
        var before = await _world.Process.StatusAsync();

        var token = await _world.Process.EnrolAsync(Code);
        var after = await _world.Process.StatusAsync();

        Assert.Equal((ConnectionHealth.EnrolmentNeeded, ConnectionHealth.Healthy), (before.Health, after.Health));
        Assert.Same(token, await _world.Process.GetAsync());
        Assert.Equal(
            [_world.Connection.RefreshTokenSecretName, _world.Connection.TokenSecretName],
            _world.Store.Writes
        );
        _world.Advance(3000);
        await _world.Process.SweepAsync();
        Assert.Equal(3, _world.Vendor.Calls);
        Assert.Single(_world.Vendor.Spent);
    }

    [Fact]
    public async Task It_runs_under_the_refresh_lock_and_spends_no_refresh_token()
    {
        _world.Store.Put(_world.Connection, new RefreshToken("a-saved-refresh-token", _world.Now, null));
        _world.Vendor.BeforeGrant = () => Assert.True(_world.Locks.IsHeld(_world.Connection.Key));

        await _world.Process.EnrolAsync(Code);

        Assert.Empty(_world.Vendor.Spent);
        Assert.NotEqual("a-saved-refresh-token", _world.Store.RefreshTokenOf(_world.Connection)!.Reveal());
    }

    [Fact]
    public async Task A_code_is_used_although_there_is_a_token_and_although_an_operators_renewal_is_under_way()
    {
        _world.Store.Put(_world.Connection, _world.ForeignToken(age: 60));
        var held = _world.Vendor.HoldsOnce();
        _world.Vendor.AsksForEnrolment = false;
        var renewal = _world.Process.RefreshNowAsync();
        await held.Entered;

        var enrolment = _world.Process.EnrolAsync(Code);
        held.Release();

        Assert.NotEqual((await renewal).Fingerprint, (await enrolment).Fingerprint);
        Assert.Equal((2, 1), (_world.Vendor.Calls, _world.Vendor.MostAtOnce));
    }

    [Fact]
    public async Task A_refused_code_is_counted_and_disturbs_nothing_that_works_without_one()
    {
        var token = await EnrolledAsync();

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.EnrolAsync("000000"));
        var entry = await _world.Process.EntryAsync();
        _world.Advance(3000);
        var report = await _world.Process.SweepAsync();

        Assert.Equal(
            (1, null, null, 0),
            (entry.Refusals.Count, entry.LastFailure, entry.NextAttempt, entry.FailuresInRow)
        );
        Assert.Equal(token.Fingerprint, entry.Token!.Fingerprint);
        Assert.Equal((1, 0), (report.Renewed, report.Waiting));
    }

    [Fact]
    public async Task A_refused_code_is_not_tried_with_other_credentials()
    {
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.EnrolAsync("000000"));

        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task Three_refused_codes_hold_the_service_back_but_no_person()
    {
        for (var i = 0; i < 3; i++)
        {
            await Failing.With(FailureKind.CredentialsRefused, _world.Process.EnrolAsync("000000"));
        }

        await Failing.With(FailureKind.BackingOff, _world.Process.GetAsync());
        var callsBefore = _world.Vendor.Calls;
        _world.Advance(1);
        await _world.Process.EnrolAsync(Code);

        Assert.Equal((3, 4), (callsBefore, _world.Vendor.Calls));
        Assert.Equal(ConnectionHealth.Healthy, (await _world.Process.StatusAsync()).Health);
    }

    [Fact]
    public async Task An_enrolment_whose_vendor_is_down_backs_off_like_any_attempt_and_stays_signed_out()
    {
        await _world.Process.Ledger.UpdateAsync(
            _world.Connection.Key,
            entry => entry with { SignedOutAt = _world.Now },
            CancellationToken.None
        );
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);

        await Failing.With(FailureKind.VendorUnavailable, _world.Process.EnrolAsync(Code));
        var after = await _world.Process.StatusAsync();
        await _world.Process.EnrolAsync(Code);

        Assert.Equal((ConnectionHealth.SignedOut, 1), (after.Health, after.Entry.FailuresInRow));
        Assert.Equal(ConnectionHealth.Healthy, (await _world.Process.StatusAsync()).Health);
    }

    [Fact]
    public async Task A_code_never_goes_with_a_password_out_of_a_cache()
    {
        await _world.Credentials.FindAsync(_world.Connection.Credential, newest: false, CancellationToken.None);
        var before = _world.Credentials.VaultReads;

        await _world.Process.EnrolAsync(Code);

        Assert.Equal(before + 1, _world.Credentials.VaultReads);
    }

    private async Task<AccessToken> EnrolledAsync() => await _world.Process.EnrolAsync(Code);
}
