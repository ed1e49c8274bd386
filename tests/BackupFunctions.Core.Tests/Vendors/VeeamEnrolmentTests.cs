using System.Net;
using BackupFunctions.Rotation;
using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Vendors;

/// <summary>Password, then the code that a person gave.</summary>
public sealed class VeeamEnrolmentTests
{
    private const string Pair =
        """{"access_token":"veeam-access-token","token_type":"bearer","refresh_token":"veeam-refresh-token","expires_in":3600}""";
    private const string AsksForCode = """{"mfa_enabled":true,"mfa_token":"veeam-mfa-token","expires_in":0}""";
    private const string Problem = """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Wrong."}""";

    private static readonly string Code = "135792";

    private readonly VendorBench _bench;
    private readonly OneTimeCodes _codes;

    public VeeamEnrolmentTests()
    {
        _bench = new VendorBench(VendorProfiles.Veeam, ("BaseUrl", "https://203.0.113.10"), ("Username", "svc"));
        _codes = _bench.Bench.Codes;
        _bench.Credentials.With("veeam-default-password", SuiteLog.Guard("P@ss of an enrolment"));
    }

    [Fact]
    public async Task The_given_code_is_sent_and_its_step_is_noted_before()
    {
        _bench.Network.Answers(AsksForCode).Answers(Pair);
        (long Step, int Sent)? noted = null;

        var grant = await SignInAsync(_bench.BeginEnrolment(Code, step =>
            {
                noted = (step, _bench.Sent.Count);
                return ValueTask.CompletedTask;
            }));

        Assert.Equal(["Password", "Mfa"], _bench.Sent.Select(sent => sent.Form["grant_type"]));
        Assert.Equal(("veeam-mfa-token", Code), (_bench.Sent[1].Form["mfa_token"], _bench.Sent[1].Form["mfa_code"]));
        Assert.Equal(
            ("veeam-access-token", "veeam-refresh-token"),
            (grant.AccessToken.Reveal(), grant.RefreshToken!.Reveal())
        );
        Assert.Equal((TestTime.Noon.ToUnixTimeSeconds() / 30, 1), noted);
    }

    [Fact]
    public async Task The_services_own_next_code_is_of_a_later_step()
    {
        _bench.Network.Answers(AsksForCode).Answers(Pair);
        await SignInAsync(_bench.BeginEnrolment(Code));

        var (step, _) = await _codes.NextAsync(
            _bench.Connection.Key,
            new Uri("https://203.0.113.10"),
            new SecretText("GEZDGNBVGY3TQOJQ"),
            usedElsewhere: null,
            CancellationToken.None
        );

        Assert.Equal((TestTime.Noon.ToUnixTimeSeconds() / 30) + 1, step);
    }

    [Fact]
    public async Task An_account_without_MFA_signs_in_all_the_same()
    {
        _bench.Network.Answers(Pair);

        await SignInAsync(_bench.BeginEnrolment(Code));

        Assert.Equal("Password", Assert.Single(_bench.Sent).Form["grant_type"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task A_refused_code_is_named_and_sent_once(int status)
    {
        _bench.Network.Answers(AsksForCode).Answers((HttpStatusCode)status, Problem, "application/problem+json");

        var failure = await _bench.FailureAsync(_bench.BeginEnrolment(Code));

        Assert.Equal((FailureKind.CredentialsRefused, status), (failure.Kind, failure.HttpStatus));
        Assert.Contains("not the one-time code", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Code, failure.Detail, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Sent.Count);
    }

    [Fact]
    public async Task A_refused_password_is_named_and_no_code_is_sent()
    {
        _bench.Network.Answers(HttpStatusCode.Unauthorized, Problem, "application/problem+json");

        var failure = await _bench.FailureAsync(_bench.BeginEnrolment(Code));

        Assert.Equal(FailureKind.CredentialsRefused, failure.Kind);
        Assert.Contains("The password", failure.Detail, StringComparison.Ordinal);
        Assert.Single(_bench.Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_step_that_the_server_does_not_offer_is_blamed_on_neither_password_nor_code(int accepted)
    {
        foreach (var _ in Enumerable.Range(0, accepted))
            _bench.Network.Answers(AsksForCode);
        _bench.Network.Answers(HttpStatusCode.BadRequest, """{"error":"unsupported_grant_type"}""");

        var failure = await _bench.FailureAsync(_bench.BeginEnrolment(Code));

        Assert.Contains("does not offer this way to sign in", failure.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("password", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_whose_answer_is_lost_is_not_sent_again()
    {
        _bench.Network.Answers(AsksForCode).Fails(new HttpRequestException(HttpRequestError.ResponseEnded));

        var failure = await _bench.FailureAsync(_bench.BeginEnrolment(Code));

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
        Assert.Contains("may be used by now", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Sent.Count);
    }

    [Fact]
    public async Task A_lock_that_was_lost_after_the_password_sends_no_code()
    {
        var asked = 0;
        _bench.Network.Answers(AsksForCode).Answers(Pair);
        var signIn = _bench.Begin(
            new RotationContext
            {
                OneTimeCode = new SecretText(Code),
                EnsureLockHeld = () =>
                {
                    if (++asked > 1)
                    {
                        throw new TokenException(FailureKind.BackingOff, "The lock was lost.");
                    }
                },
            }
        );

        await _bench.FailureAsync(signIn);

        Assert.Single(_bench.Sent);
    }

    private Task<TokenGrant> SignInAsync(SignInContext signIn) => _bench.SignInAsync(signIn);
}
