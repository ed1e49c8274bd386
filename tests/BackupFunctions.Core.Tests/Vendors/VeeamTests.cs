using System.Net;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.Rotation;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using FormField = System.Collections.Generic.KeyValuePair<string, string>;

namespace BackupFunctions.Core.Tests.Vendors;

public sealed class VeeamTests
{
    // Documented, contradiction and all: 3600 s by one field, 900 s by two others; instants without a zone.
    private const string Pair =
        """{"access_token":"veeam-access-token","token_type":"bearer","refresh_token":"veeam-refresh-token","expires_in":3600,".issued":"2026-11-22T12:00:00",".expires":"2026-11-22T12:15:00","username":"svc","roleName":"Administrator","mfa_enabled":false}""";

    private const string AsksForCode =
        """{"access_token":null,"token_type":null,"mfa_enabled":true,"mfa_token":"veeam-mfa-token","expires_in":0,".issued":"0001-01-01T00:00:00",".expires":"0001-01-01T00:00:00"}""";

    private const string AsksForCodeTersely = """{"mfa_enabled":true,"mfa_token":"veeam-mfa-token","expires_in":0}""";

    private const string Problem =
        """{"type":"https://veeam.example/errors/401","title":"Unauthorized","status":401,"detail":"Wrong user name or password."}""";

    private static readonly string Password = SuiteLog.Guard("P@ss w+rd/&=of Veeam");
    private static readonly string TotpSecret = SuiteLog.Guard("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    private static readonly FormField[] RefreshForm =
    [
        new("grant_type", "Refresh_token"),
        new("refresh_token", "the-saved-refresh-token"),
    ];

    private readonly VendorBench _bench = Create(withTotp: true);

    private static RefreshToken Saved =>
        new(SuiteLog.Guard("the-saved-refresh-token"), TestTime.Noon.AddDays(-1), null);

    [Fact]
    public async Task A_password_brings_a_pair_that_lives_as_shortly_as_its_own_evidence_says()
    {
        _bench.Network.Answers(Pair);

        var grant = await _bench.SignInAsync();

        var sent = Assert.Single(_bench.Sent);
        Assert.Equal(new Uri("https://203.0.113.10/api/oauth2/token"), sent.Address);
        Assert.Null(sent.Authorization);
        Assert.Equal("application/x-www-form-urlencoded", sent.ContentType);
        Assert.Equal([new("Password", Password), new("Username", "svc"), new("grant_type", "Password")], Form(sent));
        Assert.Equal("veeam-access-token", grant.AccessToken.Reveal());
        Assert.Equal(900, grant.AccessToken.Lifetime.TotalSeconds);
        Assert.Equal("veeam-refresh-token", grant.RefreshToken!.Reveal());
        Assert.Equal(TestTime.Noon.AddDays(14), grant.RefreshToken.ExpiresAt);
    }

    [Theory]
    [InlineData(AsksForCode)]
    [InlineData(AsksForCodeTersely)]
    public async Task An_account_that_asks_for_a_code_gets_it(string asks)
    {
        _bench.Network.Answers(asks).Answers(Pair);

        var grant = await _bench.SignInAsync();

        Assert.Equal("veeam-access-token", grant.AccessToken.Reveal());
        Assert.Equal(
            [
                new("grant_type", "Mfa"),
                new("mfa_code", await CodeAtAsync(TestTime.Noon)),
                new("mfa_token", "veeam-mfa-token"),
            ],
            Form(_bench.Sent[1])
        );
        Assert.Equal(_bench.Sent[0].Address, _bench.Sent[1].Address);
    }

    [Fact]
    public async Task The_code_is_on_the_appliances_clock()
    {
        _bench
            .Network.Answers(
                HttpStatusCode.OK,
                AsksForCode,
                "application/json",
                ("Date", "Sun, 22 Nov 2026 11:43:00 GMT")
            )
            .Answers(Pair);

        await _bench.SignInAsync();

        Assert.Equal(await CodeAtAsync(TestTime.Noon.AddMinutes(-17)), _bench.Sent[1].Form["mfa_code"]);
    }

    [Fact]
    public async Task A_refresh_token_brings_a_new_pair_without_the_password()
    {
        _bench.Network.Answers(Pair);

        var grant = await _bench.SignInAsync(_bench.Begin(Saved));

        Assert.Equal(RefreshForm, Form(Assert.Single(_bench.Sent)));
        Assert.Equal("veeam-refresh-token", grant.RefreshToken!.Reveal());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task A_dead_refresh_token_falls_back_to_the_password(int status)
    {
        _bench.Network.Answers((HttpStatusCode)status, Problem, "application/problem+json").Answers(Pair);
        var signIn = _bench.Begin(Saved);

        await _bench.SignInAsync(signIn);

        Assert.Equal(["Refresh_token", "Password"], GrantTypes());
        Assert.Null(signIn.Rotation!.DoubtfulRefreshToken);
    }

    [Theory]
    [InlineData(null, "Refresh_token Password")]
    [InlineData("doubtful", "Password Refresh_token")]
    public async Task A_refused_refresh_token_is_on_record_before_anything_else_is_sent(string? doubt, string sent)
    {
        var bench = Create(withTotp: false);
        if (doubt is not null)
        {
            bench.Network.Answers(AsksForCode);
        }

        bench.Network.Answers(HttpStatusCode.BadRequest, Problem, "application/problem+json").Answers(AsksForCode);
        List<string> dead = [];
        var signIn = bench.Begin(
            new RotationContext(Saved, doubt is null ? null : Saved.Fingerprint)
            {
                RecordDeadAsync = fingerprint =>
                {
                    dead.Add($"{fingerprint} after {bench.Sent[^1].Form["grant_type"]}");
                    return ValueTask.CompletedTask;
                },
            }
        );

        await bench.FailureAsync(signIn);

        Assert.Equal([$"{Saved.Fingerprint} after Refresh_token"], dead);
        Assert.Null(signIn.Rotation!.RefreshToken);
        Assert.Equal(sent, string.Join(' ', bench.Sent.Select(one => one.Form["grant_type"])));
    }

    public static TheoryData<string> Losses => ["hang", "reset", "500", "html", "no token"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_refresh_whose_answer_is_lost_is_not_sent_again_but_the_password(string loss)
    {
        Lose(_bench, loss).Answers(Pair);
        var signIn = _bench.Begin(Saved);

        var grant = await _bench.SignInAsync(signIn);

        Assert.Equal("veeam-access-token", grant.AccessToken.Reveal());
        Assert.Equal(["Refresh_token", "Password"], GrantTypes());
        Assert.Equal(Saved.Fingerprint, signIn.Rotation!.DoubtfulRefreshToken);
    }

    [Fact]
    public async Task A_refresh_that_never_arrived_stays_what_it_was()
    {
        _bench.Network.Fails(new HttpRequestException(HttpRequestError.ConnectionError));
        var signIn = _bench.Begin(Saved);

        var failure = await _bench.FailureAsync(signIn);

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Equal(["Refresh_token", "Refresh_token", "Refresh_token"], GrantTypes());
        Assert.Null(signIn.Rotation!.DoubtfulRefreshToken);
    }

    [Fact]
    public async Task A_throttled_refresh_spends_nothing_and_waits()
    {
        _bench.Network.Answers(HttpStatusCode.TooManyRequests, "", "text/plain", ("Retry-After", "5"));
        var signIn = _bench.Begin(Saved);

        var failure = await _bench.FailureAsync(signIn);

        Assert.Equal(FailureKind.VendorThrottled, failure.Kind);
        Assert.Single(_bench.Sent);
        Assert.Null(signIn.Rotation!.DoubtfulRefreshToken);
    }

    [Fact]
    public async Task A_doubtful_refresh_token_is_not_sent_while_there_is_the_password()
    {
        _bench.Network.Answers(Pair);

        await _bench.SignInAsync(_bench.Begin(Saved, Saved.Fingerprint));

        Assert.Equal(["Password"], GrantTypes());
    }

    [Fact]
    public async Task A_doubtful_refresh_token_is_the_last_resort_before_a_person()
    {
        var bench = Create(withTotp: false);
        bench.Network.Answers(AsksForCode).Answers(Pair);

        var grant = await bench.SignInAsync(bench.Begin(Saved, Saved.Fingerprint));

        Assert.Equal("veeam-access-token", grant.AccessToken.Reveal());
        Assert.Equal(["Password", "Refresh_token"], bench.Sent.Select(sent => sent.Form["grant_type"]));
    }

    [Fact]
    public async Task A_doubtful_refresh_token_that_is_dead_leaves_it_to_a_person()
    {
        var bench = Create(withTotp: false);
        bench.Network.Answers(AsksForCode).Answers(HttpStatusCode.BadRequest, Problem);

        var failure = await bench.FailureAsync(bench.Begin(Saved, Saved.Fingerprint));

        Assert.Equal(FailureKind.EnrolmentNeeded, failure.Kind);
    }

    [Fact]
    public async Task A_refresh_token_that_just_became_doubtful_is_not_sent_again_at_once()
    {
        var bench = Create(withTotp: false);
        Lose(bench, "hang").Answers(AsksForCode);
        var signIn = bench.Begin(Saved);

        var failure = await bench.FailureAsync(signIn);

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Equal(["Refresh_token", "Password"], bench.Sent.Select(sent => sent.Form["grant_type"]));
        Assert.Equal(Saved.Fingerprint, signIn.Rotation!.DoubtfulRefreshToken);
    }

    [Fact]
    public async Task Nor_is_it_in_the_second_sign_in_of_that_attempt()
    {
        var bench = Create(withTotp: false);
        bench.Network.Answers(AsksForCode);
        var signIn = bench.Begin(Saved, Saved.Fingerprint);
        signIn.Rotation!.DoubtRefreshToken(new TokenException(FailureKind.VendorUnavailable, "No answer."));

        var failure = await bench.FailureAsync(signIn);

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Equal(["Password"], bench.Sent.Select(sent => sent.Form["grant_type"]));
    }

    [Fact]
    public async Task Without_a_totp_secret_an_account_that_asks_for_a_code_needs_a_person()
    {
        var bench = Create(withTotp: false);
        bench.Network.Answers(AsksForCode);

        var failure = await bench.FailureAsync();

        Assert.Equal(FailureKind.EnrolmentNeeded, failure.Kind);
        Assert.Contains("veeam-default-totp-secret", failure.Detail, StringComparison.Ordinal);
        Assert.Single(bench.Sent);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task A_refused_password_is_sent_once(int status)
    {
        _bench.Network.Answers((HttpStatusCode)status, Problem, "application/problem+json");

        var failure = await _bench.FailureAsync();

        Assert.Equal(FailureKind.CredentialsRefused, failure.Kind);
        Assert.DoesNotContain("Wrong user name", failure.Detail, StringComparison.Ordinal);
        Assert.Single(_bench.Sent);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_code_whose_answer_is_lost_means_afresh_with_the_next_step(string loss)
    {
        _bench.Network.Answers(AsksForCode);
        Lose(_bench, loss).Answers(AsksForCode).Answers(Pair);

        var grant = await _bench.SignInAsync();

        Assert.Equal("veeam-access-token", grant.AccessToken.Reveal());
        Assert.Equal(["Password", "Mfa", "Password", "Mfa"], GrantTypes());
        Assert.Equal(await CodeAtAsync(TestTime.Noon), _bench.Sent[1].Form["mfa_code"]);
        Assert.Equal(await CodeAtAsync(TestTime.Noon.AddSeconds(30)), _bench.Sent[3].Form["mfa_code"]);
    }

    [Fact]
    public async Task A_first_code_that_is_refused_may_have_been_used_by_another_process_so_the_next_one_is_tried()
    {
        _bench
            .Network.Answers(AsksForCode)
            .Answers(HttpStatusCode.BadRequest, Problem)
            .Answers(AsksForCode)
            .Answers(Pair);

        await _bench.SignInAsync();

        Assert.NotEqual(_bench.Sent[1].Form["mfa_code"], _bench.Sent[3].Form["mfa_code"]);
    }

    [Fact]
    public async Task Two_refused_codes_are_enough_and_the_next_sign_in_tries_one()
    {
        _bench
            .Network.Answers(AsksForCode)
            .Answers(HttpStatusCode.BadRequest, Problem)
            .Answers(AsksForCode)
            .Answers(HttpStatusCode.BadRequest, Problem)
            .Answers(AsksForCode)
            .Answers(HttpStatusCode.BadRequest, Problem);

        var first = await _bench.FailureAsync();
        var second = await _bench.FailureAsync();

        Assert.All([first, second], failure => Assert.Equal(FailureKind.CredentialsRefused, failure.Kind));
        Assert.Contains("veeam-default-totp-secret", first.Detail, StringComparison.Ordinal);
        Assert.Equal(6, _bench.Sent.Count);
        Assert.Equal(
            3,
            _bench
                .Sent.Where(sent => sent.Form["grant_type"] == "Mfa")
                .Select(sent => sent.Form["mfa_code"])
                .Distinct()
                .Count()
        );
    }

    [Fact]
    public async Task A_refresh_token_in_a_reply_without_an_access_token_is_not_lost()
    {
        _bench
            .Network.Answers("""{"refresh_token":"veeam-refresh-token","token_type":"bearer"}""")
            .Answers(HttpStatusCode.ServiceUnavailable)
            .Answers(HttpStatusCode.ServiceUnavailable)
            .Answers(HttpStatusCode.ServiceUnavailable);
        var signIn = _bench.Begin(Saved);

        await _bench.FailureAsync(signIn);

        Assert.Equal("veeam-refresh-token", signIn.Rotation!.UnpairedRefreshToken?.Reveal());
        Assert.Equal(TestTime.Noon.AddDays(14), signIn.Rotation!.UnpairedRefreshToken?.ExpiresAt);
    }

    [Fact]
    public async Task A_step_is_on_record_before_its_code_is_sent()
    {
        var sentBefore = -1;
        _bench.Network.Answers(AsksForCode).Answers(Pair);
        var signIn = _bench.Begin(
            new RotationContext
            {
                UseOneTimeCodeStepAsync = step =>
                {
                    sentBefore = step == StepAtNoon ? _bench.Sent.Count : -2;
                    return ValueTask.CompletedTask;
                },
            }
        );

        await _bench.SignInAsync(signIn);

        Assert.Equal(1, sentBefore);
    }

    [Fact]
    public async Task A_step_that_is_on_record_is_left_out_and_a_refused_code_then_not_tried_again()
    {
        _bench.Network.Answers(AsksForCode).Answers(HttpStatusCode.BadRequest, Problem);

        await _bench.FailureAsync(_bench.Begin(new RotationContext { OneTimeCodeStep = StepAtNoon }));

        Assert.Equal(["Password", "Mfa"], GrantTypes());
        Assert.Equal(await CodeAtAsync(TestTime.Noon.AddSeconds(30)), _bench.Sent[1].Form["mfa_code"]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public async Task A_refused_code_is_tried_again_only_while_the_account_can_bear_another_refusal(
        int refusalsLeft,
        int codes
    )
    {
        _bench
            .Network.Answers(AsksForCode)
            .Answers(HttpStatusCode.BadRequest, Problem)
            .Answers(AsksForCode)
            .Answers(HttpStatusCode.BadRequest, Problem);
        var signIn = _bench.Begin(
            new RotationContext(),
            new RefusalBudget(refusalsLeft, static _ => ValueTask.CompletedTask)
        );

        await _bench.FailureAsync(signIn);

        Assert.Equal(codes, GrantTypes().Count(type => type == "Mfa"));
        Assert.Equal(codes - 1, signIn.Refusals.Met);
    }

    [Fact]
    public async Task A_totp_secret_that_is_no_base32_is_a_missing_credential()
    {
        _bench.Credentials.With("veeam-default-totp-secret", SuiteLog.Guard("not-base32-at-all-0189"));
        _bench.Network.Answers(AsksForCode);

        var failure = await _bench.FailureAsync();

        Assert.Equal((FailureKind.CredentialMissing, true), (failure.Kind, failure.MayHaveReachedVendor));
    }

    [Theory]
    [InlineData("""{"mfa_enabled":false,"mfa_token":"veeam-mfa-token"}""")]
    [InlineData("""{"mfa_enabled":true}""")]
    [InlineData("""{"mfa_enabled":true,"mfa_token":""}""")]
    [InlineData("""{"access_token":"","expires_in":0}""")]
    public async Task A_200_without_a_token_is_no_token(string body)
    {
        _bench.Network.Answers(body);

        var failure = await _bench.FailureAsync();

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
        Assert.Single(_bench.Sent);
    }

    [Fact]
    public async Task What_works_once_is_only_sent_while_the_lock_is_held()
    {
        _bench.Network.Answers(AsksForCode).Answers(Pair);

        var refresh = await _bench.FailureAsync(_bench.Begin(Saved, ensureLockHeld: LostAfter(0)));
        var password = await _bench.FailureAsync(_bench.Begin(ensureLockHeld: LostAfter(0)));
        var code = await _bench.FailureAsync(_bench.Begin(ensureLockHeld: LostAfter(1)));

        Assert.All([refresh, password, code], failure => Assert.Equal(FailureKind.BackingOff, failure.Kind));
        Assert.Equal(["Password"], GrantTypes());
    }

    [Fact]
    public async Task A_password_is_not_sent_after_a_refresh_during_which_the_lock_was_lost()
    {
        _bench.Network.Answers(HttpStatusCode.BadRequest, Problem, "application/problem+json").Answers(Pair);

        var failure = await _bench.FailureAsync(_bench.Begin(Saved, ensureLockHeld: LostAfter(1)));

        Assert.Equal(FailureKind.BackingOff, failure.Kind);
        Assert.Equal(["Refresh_token"], GrantTypes());
    }

    [Fact]
    public async Task A_second_password_is_not_sent_after_a_code_during_which_the_lock_was_lost()
    {
        _bench.Network.Answers(AsksForCode).Answers(HttpStatusCode.BadRequest, Problem).Answers(AsksForCode);

        var failure = await _bench.FailureAsync(_bench.Begin(ensureLockHeld: LostAfter(2)));

        Assert.Equal(FailureKind.BackingOff, failure.Kind);
        Assert.Equal(["Password", "Mfa"], GrantTypes());
    }

    [Fact]
    public async Task A_password_of_an_enrolment_is_only_sent_while_the_lock_is_held()
    {
        _bench.Network.Answers(Pair);
        var enrolment = new RotationContext { OneTimeCode = new SecretText("123456"), EnsureLockHeld = LostAfter(0) };

        var failure = await _bench.FailureAsync(_bench.Begin(enrolment));

        Assert.Equal(FailureKind.BackingOff, failure.Kind);
        Assert.Empty(_bench.Sent);
    }

    [Fact]
    public async Task A_password_that_must_not_be_sent_is_not_but_a_refresh_token_is()
    {
        _bench.Network.Answers(HttpStatusCode.Unauthorized);
        static void TooOften() => throw new TokenException(FailureKind.BackingOff, "It was refused too often.");

        var failure = await _bench.FailureAsync(
            _bench.Begin(new RotationContext(Saved) { EnsurePasswordAllowed = TooOften })
        );

        Assert.Equal(FailureKind.BackingOff, failure.Kind);
        Assert.Equal(["Refresh_token"], GrantTypes());
    }

    [Fact]
    public void The_settings_name_the_secrets_and_a_named_totp_secret_must_exist()
    {
        var connection = VendorBench.Read(
            VendorProfiles.Veeam,
            ("BaseUrl", "https://v.example"),
            ("Username", "svc"),
            ("TotpSecretName", "my-totp"),
            ("ServerCertificateSha256", Fingerprinted)
        );

        Assert.Equal(
            [new CredentialName("veeam-default-password"), new CredentialName("my-totp")],
            connection.Credentials
        );
        Assert.Equal(
            Fingerprinted.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant(),
            connection.ServerCertificateSha256
        );
        Assert.True(_bench.Connection.Credentials[1].IsOptional);
        Assert.True(_bench.Connection.Vendor.RotatesRefreshTokens);
    }

    /// <summary>The lock is lost once it was asked for so often.</summary>
    private static Action LostAfter(int times) =>
        () =>
        {
            if (times-- == 0)
            {
                throw new TokenException(FailureKind.BackingOff, "The lock was lost.");
            }
        };

    private static string Fingerprinted =>
        string.Join(
            ':',
            Enumerable
                .Range(0, 32)
                .Select(number => number.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))
        );

    private static VendorBench Create(bool withTotp)
    {
        var bench = new VendorBench(VendorProfiles.Veeam, ("BaseUrl", "https://203.0.113.10/"), ("Username", "svc"));
        bench.Credentials.With("veeam-default-password", Password);
        if (withTotp)
            bench.Credentials.With("veeam-default-totp-secret", TotpSecret);
        return bench;
    }

    private static StubNetwork Lose(VendorBench bench, string loss) =>
        loss switch
        {
            "hang" => bench.Network.Answers(
                async (_, cancellation) =>
                {
                    bench.Bench.Time.Advance(TimeSpan.FromSeconds(10));
                    await new TaskCompletionSource().Task.WaitAsync(cancellation);
                    throw new InvalidOperationException("Nobody ended the wait.");
                }
            ),
            "reset" => bench.Network.Fails(new HttpRequestException(HttpRequestError.ResponseEnded)),
            "html" => bench.Network.Answers(HttpStatusCode.OK, "<html>", "text/html"),
            "no token" => bench.Network.Answers("{}"),
            _ => bench.Network.Answers(HttpStatusCode.InternalServerError),
        };

    private static async Task<string> CodeAtAsync(DateTimeOffset instant)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(instant);
        var (_, code) = await new OneTimeCodes(new VendorClocks(new HostClock(time)), time).NextAsync(
            new ConnectionKey("veeam", "default"),
            new Uri("https://203.0.113.10"),
            new SecretText(TotpSecret),
            usedElsewhere: null,
            CancellationToken.None
        );
        return code;
    }

    private static long StepAtNoon => TestTime.Noon.ToUnixTimeSeconds() / 30;

    private static IEnumerable<FormField> Form(SentRequest sent) =>
        sent.Form.OrderBy(one => one.Key, StringComparer.Ordinal);

    private IEnumerable<string> GrantTypes() => _bench.Sent.Select(sent => sent.Form["grant_type"]);
}
