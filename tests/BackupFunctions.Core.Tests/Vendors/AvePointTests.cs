using System.Net;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.Rotation;
using BackupFunctions.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.IdentityModel.JsonWebTokens;

namespace BackupFunctions.Core.Tests.Vendors;

public sealed class AvePointTests : IDisposable
{
    private static readonly string Discovery = DiscoveryDocumentsTests.Document(
        "https://identity.avepointonlineservices.com",
        "https://identity.avepointonlineservices.com/connect/token"
    );

    private readonly X509Certificate2 _certificate = TestCertificates.Rsa();
    private readonly VendorBench _bench;

    public AvePointTests() => _bench = Create();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task An_assertion_and_the_scope_are_all_that_is_sent()
    {
        _bench
            .Network.Answers(Discovery)
            .Answers(
                """{"access_token":"avepoint-token","token_type":"Bearer","expires_in":3600,"scope":"platformbackup.readwrite.all"}"""
            );

        var grant = await _bench.SignInAsync();

        var sent = _bench.Sent[1];
        Assert.Equal(new Uri("https://identity.avepointonlineservices.com/connect/token"), sent.Address);
        Assert.Null(sent.Authorization);
        Assert.Equal(
            ["client_assertion", "client_assertion_type", "grant_type", "scope"],
            sent.Form.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal("client_credentials", sent.Form["grant_type"]);
        Assert.Equal("platformbackup.readwrite.all", sent.Form["scope"]);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", sent.Form["client_assertion_type"]);
        Assert.Equal(3600, grant.AccessToken.Lifetime.TotalSeconds);
        Assert.Equal("platformbackup.readwrite.all", grant.AccessToken.Scope);
    }

    [Fact]
    public async Task The_assertion_is_of_the_client_for_the_token_endpoint_on_the_identity_services_clock()
    {
        _bench
            .Network.Answers(
                HttpStatusCode.OK,
                Discovery,
                "application/json",
                ("Date", "Sun, 22 Nov 2026 11:50:00 GMT")
            )
            .Answers("""{"access_token":"avepoint-token"}""");

        await _bench.SignInAsync();

        var jwt = new JsonWebToken(_bench.Sent[1].Form["client_assertion"]);
        Assert.Equal("app-1", jwt.Issuer);
        Assert.Equal("app-1", jwt.Subject);
        Assert.Equal(["https://identity.avepointonlineservices.com/connect/token"], jwt.Audiences);
        Assert.Equal(TestTime.Noon.UtcDateTime.AddMinutes(-10).AddSeconds(-30), jwt.IssuedAt);
        Assert.Equal(TestTime.Noon.UtcDateTime.AddMinutes(-5).AddSeconds(-30), jwt.ValidTo);
        Assert.True(Guid.TryParseExact(jwt.Id, "N", out _));
    }

    [Theory]
    [InlineData("Sun, 22 Nov 2026 12:10:00 GMT", 10)]
    [InlineData("Sun, 22 Nov 2026 11:50:00 GMT", -10)]
    public async Task An_assertion_that_was_refused_because_a_clock_was_set_is_signed_once_more_by_the_new_time(
        string date,
        int minutes
    )
    {
        _bench
            .Network.Answers(
                HttpStatusCode.OK,
                Discovery,
                "application/json",
                ("Date", "Sun, 22 Nov 2026 12:00:00 GMT")
            )
            .Answers(HttpStatusCode.BadRequest, """{"error":"invalid_client"}""", "application/json", ("Date", date))
            .Answers("""{"access_token":"avepoint-token"}""");

        await _bench.SignInAsync();

        Assert.Equal(3, _bench.Sent.Count);
        Assert.Equal(
            TestTime.Noon.UtcDateTime.AddMinutes(minutes).AddSeconds(-30),
            new JsonWebToken(_bench.Sent[2].Form["client_assertion"]).IssuedAt
        );
    }

    [Theory]
    [InlineData("12:20", 20)]
    [InlineData("11:40", -20)]
    public async Task After_a_refusal_the_time_is_asked_for_first_and_the_last_refusal_that_is_left_is_final(
        string shown,
        int minutes
    )
    {
        _bench
            .Network.Answers(
                HttpStatusCode.OK,
                Discovery,
                "application/json",
                ("Date", "Sun, 22 Nov 2026 12:00:00 GMT")
            )
            .Answers(
                HttpStatusCode.BadRequest,
                """{"error":"invalid_client"}""",
                "application/json",
                ("Date", "Sun, 22 Nov 2026 12:10:00 GMT")
            )
            .Answers("""{"access_token":"avepoint-token"}""")
            .Answers(HttpStatusCode.OK, Discovery, "application/json", ("Date", $"Sun, 22 Nov 2026 {shown}:00 GMT"))
            .Answers(
                HttpStatusCode.BadRequest,
                """{"error":"invalid_client"}""",
                "application/json",
                ("Date", "Sun, 22 Nov 2026 11:50:00 GMT")
            );
        var first = _bench.Begin();
        await _bench.SignInAsync(first);

        var failure = await _bench.FailureAsync(
            _bench.Begin(new RotationContext(), new RefusalBudget(1, static _ => ValueTask.CompletedTask))
        );

        Assert.Equal(1, first.Refusals.Met);
        Assert.Equal(FailureKind.CredentialsRefused, failure.Kind);
        Assert.Equal(5, _bench.Sent.Count);
        Assert.Equal(
            TestTime.Noon.UtcDateTime.AddMinutes(minutes).AddSeconds(-30),
            new JsonWebToken(_bench.Sent[4].Form["client_assertion"]).IssuedAt
        );
    }

    [Theory]
    [InlineData("Sun, 22 Nov 2026 12:00:20 GMT", "Sun, 22 Nov 2026 12:00:20 GMT", 1)]
    [InlineData("Sun, 22 Nov 2026 12:10:00 GMT", "Sun, 22 Nov 2026 12:20:00 GMT", 2)]
    public async Task A_refusal_that_no_clock_explains_is_final(string first, string second, int requests)
    {
        _bench
            .Network.Answers(
                HttpStatusCode.OK,
                Discovery,
                "application/json",
                ("Date", "Sun, 22 Nov 2026 12:00:00 GMT")
            )
            .Answers(HttpStatusCode.BadRequest, """{"error":"invalid_client"}""", "application/json", ("Date", first))
            .Answers(HttpStatusCode.BadRequest, """{"error":"invalid_client"}""", "application/json", ("Date", second));

        var failure = await _bench.FailureAsync();

        Assert.Equal(FailureKind.CredentialsRefused, failure.Kind);
        Assert.Equal(requests, _bench.Sent.Count - 1);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""", FailureKind.CredentialsRefused)]
    [InlineData(400, """{"error":"invalid_scope"}""", FailureKind.ScopeRefused)]
    [InlineData(401, "", FailureKind.CredentialsRefused)]
    [InlineData(403, "", FailureKind.VendorUnavailable)]
    [InlineData(429, "", FailureKind.VendorThrottled)]
    [InlineData(503, "", FailureKind.VendorUnavailable)]
    public async Task What_is_no_token_is_a_typed_failure(int status, string body, FailureKind expected)
    {
        _bench.Network.Answers(Discovery).Answers((HttpStatusCode)status, body);

        var failure = await _bench.FailureAsync();

        Assert.Equal(expected, failure.Kind);
    }

    [Fact]
    public async Task The_identity_service_and_the_scope_are_settings()
    {
        var bench = Create(
            ("IdentityServiceUrl", "https://identity-gov.avepointonlineservices.com"),
            ("Scope", "other.read"),
            ("ApiUrl", "https://api.example/")
        );
        bench
            .Network.Answers(
                DiscoveryDocumentsTests.Document(
                    "https://identity-gov.avepointonlineservices.com",
                    "https://identity-gov.avepointonlineservices.com/t"
                )
            )
            .Answers("""{"access_token":"avepoint-token"}""");

        await bench.SignInAsync();

        Assert.Equal("identity-gov.avepointonlineservices.com", bench.Sent[1].Address.Host);
        Assert.Equal("other.read", bench.Sent[1].Form["scope"]);
        Assert.Equal(new Uri("https://api.example"), bench.Connection.BaseUrl);
    }

    private VendorBench Create(params (string, string)[] more)
    {
        var bench = new VendorBench(VendorProfiles.AvePoint, [("ClientId", "app-1"), .. more]);
        bench.Credentials.With(
            "avepoint-default",
            new Credential("v1", new SecretText("unused"), null) { Certificate = _certificate }
        );
        return bench;
    }
}
