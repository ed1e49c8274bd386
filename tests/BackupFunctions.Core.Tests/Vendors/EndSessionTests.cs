using System.Net;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Credentials;
using BackupFunctions.Rotation;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.IdentityModel.JsonWebTokens;

namespace BackupFunctions.Core.Tests.Vendors;

/// <summary>How each vendor's sessions end.</summary>
public sealed class EndSessionTests : IDisposable
{
    private const string Authority = "https://login.backup.net";
    private const string IdentityService = "https://identity.avepointonlineservices.com";
    private const string Pair =
        """{"access_token":"the-last-access-token","token_type":"bearer","refresh_token":"the-last-refresh-token","expires_in":3600}""";

    private static readonly string Secret = SuiteLog.Guard("the-secret-that-revokes");
    private static readonly string Access = SuiteLog.Guard("the-access-token-that-ends");

    private readonly X509Certificate2 _certificate = TestCertificates.Rsa();
    private readonly VendorBench _backupNet = new(VendorProfiles.BackupNet, ("ClientId", "client-1"));
    private readonly VendorBench _avePoint = new(VendorProfiles.AvePoint, ("ClientId", "app-1"));
    private readonly VendorBench _veeam = new(
        VendorProfiles.Veeam,
        ("BaseUrl", "https://203.0.113.10/"),
        ("Username", "svc")
    );

    public EndSessionTests()
    {
        _backupNet.Credentials.With("backupnet-default-client-secret", Secret);
        _avePoint.Credentials.With(
            "avepoint-default",
            new Credential("v1", new SecretText("unused"), null) { Certificate = _certificate }
        );
    }

    private static AccessToken Token => new(Access, null, TestTime.Noon, TestTime.Noon.AddHours(1));

    private static RefreshToken Refresh => new(SuiteLog.Guard("the-refresh-token-that-is-left"), TestTime.Noon, null);

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task BackupNet_revokes_where_its_document_says_with_its_secret_in_the_body()
    {
        _backupNet.Network.Answers(Document(Authority, revokes: true)).Answers(HttpStatusCode.OK);

        var hasEnded = await EndAsync(_backupNet, Token);

        Assert.True(hasEnded);
        var sent = _backupNet.Sent[1];
        Assert.Equal(new Uri("https://login.backup.net/connect/revocation"), sent.Address);
        Assert.Null(sent.Authorization);
        Assert.Equal(
            [
                KeyValuePair.Create("client_id", "client-1"),
                KeyValuePair.Create("client_secret", Secret),
                KeyValuePair.Create("token", Access),
                KeyValuePair.Create("token_type_hint", "access_token"),
            ],
            sent.Form.OrderBy(one => one.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task AvePoint_revokes_with_an_assertion_that_is_signed_anew_for_every_attempt()
    {
        _avePoint
            .Network.Answers(Document(IdentityService, revokes: true))
            .Answers(HttpStatusCode.ServiceUnavailable)
            .Answers(HttpStatusCode.OK);

        var hasEnded = await EndAsync(_avePoint, Token);

        Assert.True(hasEnded);
        Assert.Equal(
            [$"{IdentityService}/connect/revocation", $"{IdentityService}/connect/revocation"],
            _avePoint.Sent.Skip(1).Select(sent => sent.Address.AbsoluteUri)
        );
        Assert.Equal(Access, _avePoint.Sent[2].Form["token"]);
        var assertions = _avePoint
            .Sent.Skip(1)
            .Select(sent => new JsonWebToken(sent.Form["client_assertion"]))
            .ToList();
        Assert.NotEqual(assertions[0].Id, assertions[1].Id);
        Assert.All(assertions, jwt => Assert.Equal([$"{IdentityService}/connect/token"], jwt.Audiences));
    }

    [Fact]
    public async Task A_document_without_a_revocation_endpoint_is_no_way()
    {
        _backupNet.Network.Answers(Document(Authority, revokes: false));
        _avePoint.Network.Answers(Document(IdentityService, revokes: false));

        Assert.False(await EndAsync(_backupNet, Token));
        Assert.False(await EndAsync(_avePoint, Token));
        Assert.Single(_backupNet.Sent);
    }

    [Fact]
    public async Task A_revocation_endpoint_of_another_server_gets_no_token()
    {
        _backupNet.Network.Answers(
            Document(Authority, revokes: true)
                .Replace($"{Authority}/connect/revocation", "https://evil.example/revoke", StringComparison.Ordinal)
        );

        var failure = await FailureAsync(_backupNet, Token);

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
        Assert.Single(_backupNet.Sent);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""", FailureKind.CredentialsRefused, "400 invalid_client")]
    [InlineData(400, "what it says", FailureKind.VendorUnavailable, "400 with plain text")]
    [InlineData(503, "<html>what it says", FailureKind.VendorUnavailable, "503 with an HTML page")]
    public async Task A_revocation_that_is_refused_is_a_failure(int status, string body, FailureKind kind, string words)
    {
        _backupNet.Network.Answers(Document(Authority, revokes: true)).Answers((HttpStatusCode)status, body);

        var failure = await FailureAsync(_backupNet, Token);

        Assert.Equal(
            (kind, $"https://login.backup.net/connect/revocation returned {words}."),
            (failure.Kind, failure.Detail)
        );
    }

    [Fact]
    public async Task Acronis_has_no_way()
    {
        var bench = new VendorBench(
            VendorProfiles.Acronis,
            ("DataCenterUrl", "https://eu8-cloud.acronis.com"),
            ("ClientId", "id")
        );

        Assert.False(await EndAsync(bench, Token));
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public async Task Veeam_deletes_the_session_of_the_access_token()
    {
        _veeam.Network.Answers(HttpStatusCode.NoContent);

        var hasEnded = await EndAsync(_veeam, Token, Refresh);

        Assert.True(hasEnded);
        var sent = Assert.Single(_veeam.Sent);
        Assert.Equal(
            (HttpMethod.Delete, new Uri("https://203.0.113.10/api/oauth2/token"), $"Bearer {Access}"),
            (sent.Method, sent.Address, sent.Authorization)
        );
    }

    [Theory]
    [InlineData("it ends with the access token", HttpStatusCode.NoContent)]
    [InlineData("it is spent", HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.NoContent)]
    [InlineData("it is spent in vain", HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.BadGateway)]
    [InlineData("it is refused", HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest)]
    [InlineData("its answer is lost", HttpStatusCode.Unauthorized, HttpStatusCode.InternalServerError)]
    public async Task A_refresh_token_of_a_session_that_is_ended_is_recorded_as_dead(
        string how,
        params HttpStatusCode[] answers
    )
    {
        foreach (var answer in answers)
        {
            _veeam.Network.Answers(answer, answer == HttpStatusCode.OK ? Pair : "");
        }

        List<string> dead = [];
        var rotation = new RotationContext(Refresh)
        {
            RecordDeadAsync = fingerprint =>
            {
                dead.Add(fingerprint);
                return ValueTask.CompletedTask;
            },
        };

        await Record.ExceptionAsync(() =>
            _veeam.Vendor.EndSessionAsync(_veeam.Begin(rotation), Token, TestContext.Current.CancellationToken)
        );

        Assert.True(dead is [var one] && one == Refresh.Fingerprint, how);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_token_that_outlives_its_access_token_is_spent_for_one_that_ends_the_session(
        bool isKnown
    )
    {
        if (isKnown)
            _veeam.Network.Answers(HttpStatusCode.Unauthorized);
        _veeam.Network.Answers(Pair).Answers(HttpStatusCode.NoContent);

        var hasEnded = await EndAsync(_veeam, isKnown ? Token : null, Refresh);

        Assert.True(hasEnded);
        Assert.Equal(Refresh.Reveal(), _veeam.Sent[^2].Form["refresh_token"]);
        Assert.Equal(
            (HttpMethod.Delete, "Bearer the-last-access-token"),
            (_veeam.Sent[^1].Method, _veeam.Sent[^1].Authorization)
        );
    }

    [Fact]
    public async Task A_session_of_which_the_appliance_knows_neither_token_has_ended()
    {
        _veeam.Network.Answers(HttpStatusCode.Unauthorized).Answers(HttpStatusCode.BadRequest);

        Assert.True(await EndAsync(_veeam, Token, Refresh));
    }

    [Fact]
    public async Task A_session_whose_access_token_is_dead_and_whose_refresh_token_is_not_at_hand_may_live_on()
    {
        _veeam.Network.Answers(HttpStatusCode.Unauthorized);

        var failure = await FailureAsync(_veeam, Token);

        Assert.Equal((FailureKind.CredentialMissing, 401), (failure.Kind, failure.HttpStatus));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_page_of_a_firewall_says_of_no_session_that_it_has_ended(int status)
    {
        _veeam.Network.Answers((HttpStatusCode)status, "<html>Request blocked.</html>", "text/html");

        var failure = await FailureAsync(_veeam, Token);

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
    }

    [Fact]
    public async Task An_appliance_that_is_down_is_a_failure()
    {
        _veeam.Network.Fails(new HttpRequestException(HttpRequestError.ConnectionError));

        var failure = await FailureAsync(_veeam, Token);

        Assert.Equal(FailureKind.VendorUnavailable, failure.Kind);
    }

    private static string Document(string issuer, bool revokes) =>
        DiscoveryDocumentsTests.Document(issuer, $"{issuer}/connect/token")[..^1]
        + (revokes ? $$""","revocation_endpoint":"{{issuer}}/connect/revocation"}""" : "}");

    private static Task<bool> EndAsync(VendorBench bench, AccessToken? token, RefreshToken? refreshToken = null) =>
        bench.Vendor.EndSessionAsync(bench.Begin(refreshToken), token, TestContext.Current.CancellationToken);

    private static Task<TokenFailure> FailureAsync(VendorBench bench, AccessToken token) =>
        Bench.FailureAsync(() => EndAsync(bench, token));
}
