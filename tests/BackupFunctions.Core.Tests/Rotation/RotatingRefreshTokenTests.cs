using BackupFunctions.Broker;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Rotation;

public sealed class RotatingRefreshTokenTests
{
    private readonly TokenWorld _world = new(rotatesRefreshTokens: true);

    private string? SavedRefreshToken => _world.Store.RefreshTokenOf(_world.Connection)?.Fingerprint;

    [Fact]
    public async Task The_refresh_token_is_saved_before_the_access_token()
    {
        await _world.Process.GetAsync();

        Assert.Equal(
            [_world.Connection.RefreshTokenSecretName, _world.Connection.TokenSecretName],
            _world.Store.Writes
        );
    }

    [Fact]
    public async Task Nobody_gets_the_access_token_before_the_refresh_token_is_saved()
    {
        var saving = new HeldCall();
        _world.Store.BeforeWrite = name =>
            name == _world.Connection.RefreshTokenSecretName ? saving.EnterAsync() : Task.CompletedTask;
        var call = _world.Process.GetAsync();
        await saving.Entered;
        var latecomer = _world.Process.GetAsync();

        var wasServed = call.IsCompleted || latecomer.IsCompleted;
        var writes = _world.Store.Writes.Count;
        saving.Release();

        Assert.False(wasServed);
        Assert.Equal(0, writes);
        Assert.Same(await call, await latecomer);
    }

    [Fact]
    public async Task A_caller_who_goes_away_does_not_cancel_the_save()
    {
        using var caller = new CancellationTokenSource();
        var saving = new HeldCall();
        _world.Store.BeforeWrite = _ => saving.EnterAsync();
        var call = _world.Process.Broker.GetAsync(_world.Connection, new TokenRequest(), caller.Token).AsTask();
        await saving.Entered;

        await caller.CancelAsync();
        saving.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _world.Process.DrainAsync();

        Assert.Equal(2, _world.Store.Writes.Count);
    }

    [Fact]
    public async Task The_saved_refresh_token_is_spent_once_and_replaced()
    {
        await _world.Process.GetAsync();
        var first = SavedRefreshToken;
        _world.Advance(3000);

        await _world.Process.GetAsync();

        Assert.Equal([first!], _world.Vendor.Spent);
        Assert.NotEqual(first, SavedRefreshToken);
        Assert.Equal(["v1"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_dead_refresh_token_falls_back_to_signing_in_afresh()
    {
        _world.Store.Put(
            _world.Connection,
            new RefreshToken("a-refresh-token-of-old", _world.Now, _world.Now + TimeSpan.FromDays(1))
        );

        var token = await _world.Process.GetAsync();

        Assert.NotNull(token);
        Assert.Equal((1, 1), (_world.Vendor.Spent.Count, _world.Vendor.UsedVersions.Count));
    }

    [Fact]
    public async Task A_refused_refresh_token_is_never_sent_again_by_any_process_whatever_becomes_of_the_password()
    {
        await _world.Process.GetAsync();
        var refused = SavedRefreshToken;
        _world.Vendor.ForgetRefreshTokens();
        _world.Vendor.RefusedVersions.UnionWith(["v1", "v2"]);
        _world.Advance(3600);
        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        await Record.ExceptionAsync(_world.Process.RefreshNowAsync);
        _world.Credentials.Version = "v2";
        var other = _world.StartProcess(ledger: _world.Process.Ledger);
        await Failing.With(FailureKind.CredentialsRefused, other.GetAsync());
        _world.Advance(3600);
        _world.Credentials.Version = "v3";
        var token = await other.GetAsync();

        Assert.NotNull(token);
        Assert.Equal([refused!], _world.Vendor.Spent);
        Assert.Equal(["v1", "v1", "v1", "v2", "v3"], _world.Vendor.UsedVersions);
    }

    [Fact]
    public async Task A_process_that_is_killed_after_the_refusal_has_recorded_it()
    {
        await _world.Process.GetAsync();
        var refused = SavedRefreshToken;
        _world.Vendor.ForgetRefreshTokens();
        _world.Advance(3600);
        string? recorded = null;
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Vendor.BeforeRefusal = () => recorded = _world.Process.EntryAsync().Result.DeadRefreshToken;

        await Failing.With(FailureKind.CredentialsRefused, _world.Process.GetAsync());

        Assert.Equal(refused, recorded);
    }

    [Fact]
    public async Task A_refused_refresh_token_whose_successor_the_vault_does_not_take_is_not_sent_by_another_process()
    {
        await _world.Process.GetAsync();
        var refused = SavedRefreshToken;
        _world.Vendor.ForgetRefreshTokens();
        _world.Advance(3600);
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        var token = await _world.Process.GetAsync();
        _world.Advance(601);

        await _world.StartProcess(ledger: _world.Process.Ledger).RejectAsync(token);

        Assert.Equal([refused!], _world.Vendor.Spent);
    }

    [Fact]
    public async Task An_expired_refresh_token_is_not_sent()
    {
        _world.Store.Put(
            _world.Connection,
            new RefreshToken("a-refresh-token-of-old", _world.Now - TimeSpan.FromDays(15), _world.Now)
        );

        await _world.Process.GetAsync();

        Assert.Empty(_world.Vendor.Spent);
    }

    [Fact]
    public async Task A_refresh_token_whose_answer_was_lost_is_not_sent_again()
    {
        await _world.Process.GetAsync();
        var doubtful = SavedRefreshToken;
        _world.Advance(3600);
        _world.Vendor.LosesRefreshReplies = true;
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
        _world.Advance(30);

        var token = await _world.Process.GetAsync();

        Assert.NotNull(token);
        Assert.Equal([doubtful!], _world.Vendor.Spent);
        Assert.Equal(2, _world.Vendor.UsedVersions.Count);
    }

    [Fact]
    public async Task The_doubt_is_on_record_until_a_token_is_granted()
    {
        await _world.Process.GetAsync();
        var doubtful = SavedRefreshToken;
        _world.Advance(3600);
        _world.Vendor.LosesRefreshReplies = true;
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
        var inDoubt = await _world.Process.EntryAsync();
        _world.Advance(30);
        _world.Vendor.FailsOnce(FailureKind.VendorUnavailable);
        await Failing.With(FailureKind.VendorUnavailable, _world.Process.GetAsync());
        var stillInDoubt = await _world.Process.EntryAsync();

        await _world.Process.RefreshNowAsync();

        Assert.Equal((doubtful, doubtful), (inDoubt.DoubtfulRefreshToken, stillInDoubt.DoubtfulRefreshToken));
        Assert.Null((await _world.Process.EntryAsync()).DoubtfulRefreshToken);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_rotated_password_takes_no_refresh_token_that_is_only_in_doubt_from_the_second_sign_in(
        bool isDead,
        bool isStillThere
    )
    {
        await _world.Process.GetAsync();
        var saved = SavedRefreshToken;
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Credentials.Version = "v2";
        if (isDead)
        {
            _world.Vendor.ForgetRefreshTokens();
        }
        else
        {
            _world.Vendor.LosesRefreshReplies = true;
            _world.Vendor.OnLostReply = static () => { };
        }

        var lost = new TokenException(FailureKind.VendorUnavailable, "No answer.");
        List<(string? RefreshToken, TokenException? Unanswered)> atHand = [];
        _world.Vendor.BeforeSignIn = signIn =>
        {
            atHand.Add((signIn.Rotation!.RefreshToken?.Fingerprint, signIn.Rotation.Unanswered));
            signIn.Rotation.Unanswered = lost;
        };

        await _world.Process.GetAsync();

        Assert.Equal([(saved, null), (isStillThere ? saved : null, lost)], atHand);
        Assert.Equal([saved!], _world.Vendor.Spent);
    }

    [Fact]
    public async Task A_sign_in_that_breaks_off_leaves_its_refresh_token_in_doubt()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.BreaksOnce(new FormatException("A reply that nobody foresaw."));
        await Failing.With(FailureKind.VendorReplyUnusable, _world.Process.GetAsync());
        _world.Advance(30);

        await _world.Process.GetAsync();

        Assert.Empty(_world.Vendor.Spent);
        Assert.Equal(2, _world.Vendor.UsedVersions.Count);
    }

    [Fact]
    public async Task A_vault_that_is_down_means_signing_in_afresh()
    {
        await _world.Process.GetAsync();
        _world.Advance(3000);
        _world.Store.Outage = FailureKind.VaultUnavailable;

        var token = await _world.Process.GetAsync();

        Assert.Equal(_world.Now, token.IssuedAt);
        Assert.Empty(_world.Vendor.Spent);
    }

    [Fact]
    public async Task Nobody_has_to_enrol_again_only_because_the_vault_is_down()
    {
        _world.Store.Outage = FailureKind.VaultUnavailable;
        _world.Vendor.AsksForEnrolment = true;

        await Failing.With(FailureKind.VaultUnavailable, _world.Process.GetAsync());

        Assert.InRange(
            (await _world.Process.EntryAsync()).NextAttempt!.Value,
            _world.Now,
            _world.Now + TimeSpan.FromSeconds(30)
        );
    }

    [Fact]
    public async Task A_vault_that_denies_the_refresh_token_does_not_let_the_password_go_out_at_every_call()
    {
        _world.Store.Outage = FailureKind.VaultAccessDenied;
        _world.Vendor.AsksForEnrolment = true;

        await Failing.With(FailureKind.VaultAccessDenied, _world.Process.GetAsync());
        await Failing.With(FailureKind.VaultAccessDenied, _world.Process.GetAsync());

        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_refresh_token_that_came_alone_is_saved_although_another_sign_in_followed()
    {
        var lone = new RefreshToken(
            SuiteLog.Guard("a-refresh-token-that-came-alone"),
            _world.Now,
            _world.Now.AddDays(14)
        );
        _world.Vendor.BeforeSignIn = signIn =>
            signIn.Rotation!.UnpairedRefreshToken ??= _world.Vendor.Calls == 1 ? lone : null;
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Vendor.BeforeRefusal = () => _world.Credentials.Version = "v2";
        _world.Vendor.AsksForEnrolment = true;

        await Failing.With(FailureKind.EnrolmentNeeded, _world.Process.GetAsync());

        Assert.Equal(
            (2, lone.Fingerprint),
            (_world.Vendor.Calls, _world.Store.RefreshTokenOf(_world.Connection)?.Fingerprint)
        );
    }

    [Fact]
    public async Task Nobody_has_to_enrol_again_only_because_the_vault_did_not_take_the_refresh_token()
    {
        _world.Store.WriteOutage = FailureKind.VaultUnavailable;
        var token = await _world.Process.GetAsync();
        _world.Vendor.AsksForEnrolment = true;

        await Failing.With(FailureKind.VaultUnavailable, _world.Process.RejectAsync(token));

        Assert.InRange(
            (await _world.Process.EntryAsync()).NextAttempt!.Value,
            _world.Now,
            _world.Now + TimeSpan.FromSeconds(30)
        );
    }

    [Fact]
    public async Task A_sign_in_that_needs_a_person_says_so_while_the_vault_works()
    {
        _world.Vendor.AsksForEnrolment = true;

        await Failing.With(FailureKind.EnrolmentNeeded, _world.Process.GetAsync());
    }

    [Fact]
    public async Task Rotated_credentials_are_tried_without_the_refresh_token()
    {
        await _world.Process.GetAsync();
        _world.Advance(3600);
        _world.Vendor.RefusedVersions.Add("v1");
        _world.Vendor.ForgetRefreshTokens();
        _world.Credentials.Version = "v2";

        await _world.Process.GetAsync();

        Assert.Equal((1, 3), (_world.Vendor.Spent.Count, _world.Vendor.UsedVersions.Count));
    }

    [Fact]
    public async Task A_host_that_may_not_spend_refresh_tokens_reads_the_vault_and_nothing_more()
    {
        var guest = _world.StartProcess(maySpendRefreshTokens: false);
        await Failing.With(FailureKind.BackingOff, guest.GetAsync());
        var owned = await _world.Process.GetAsync();

        var token = await guest.GetAsync();

        Assert.Equal(owned.Fingerprint, token.Fingerprint);
        Assert.Equal(1, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_host_that_may_not_spend_refresh_tokens_does_not_do_so_for_an_operator_either()
    {
        var guest = _world.StartProcess(maySpendRefreshTokens: false);

        var failure = await Failing.With(FailureKind.BackingOff, guest.RefreshNowAsync());

        Assert.Contains("--own-the-vault", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(0, _world.Vendor.Calls);
    }

    [Fact]
    public async Task A_host_that_may_not_spend_refresh_tokens_serves_the_old_one_in_the_window_without_asking_at_every_call()
    {
        await _world.Process.GetAsync();
        var guest = _world.StartProcess(maySpendRefreshTokens: false);
        _world.Advance(3000);
        await guest.GetAsync();
        var reads = _world.Store.Reads;

        await guest.GetAsync();

        Assert.Equal((reads, 1), (_world.Store.Reads, _world.Vendor.Calls));
    }

    [Fact]
    public async Task A_host_that_may_not_spend_refresh_tokens_signs_in_with_client_credentials()
    {
        var world = new TokenWorld();

        Assert.NotNull(await world.StartProcess(maySpendRefreshTokens: false).GetAsync());
    }
}
