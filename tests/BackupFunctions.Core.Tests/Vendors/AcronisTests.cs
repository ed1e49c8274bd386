using System.Net;
using System.Text;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Vendors;

public sealed class AcronisTests
{
    private const string ClientId = "8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11";
    private const string Tenant = "11111111-2222-3333-4444-555555555555";

    // The documented replies: expires_on or expires_in, each optional, and an id_token that nobody needs.
    private const string WithExpiresOn =
        """{"access_token":"acronis-base-token","token_type":"bearer","expires_on":1795356000,"id_token":"x.y.z"}""";
    private const string WithExpiresIn =
        """{"access_token":"acronis-base-token","token_type":"bearer","expires_in":7200}""";
    private const string WithBoth =
        """{"access_token":"acronis-base-token","token_type":"bearer","expires_on":1795356000,"expires_in":3600}""";
    private const string WithNeither = """{"access_token":"acronis-base-token","token_type":"bearer"}""";
    private const string Scoped = """{"access_token":"acronis-tenant-token","token_type":"bearer","expires_in":7200}""";

    private static readonly string Secret = SuiteLog.Guard("Zk+3/s:ecret%of ü=acronis");

    private readonly VendorBench _bench = Create();

    [Theory]
    [InlineData(WithExpiresOn, 7200)]
    [InlineData(WithExpiresIn, 7200)]
    [InlineData(WithBoth, 3600)]
    [InlineData(WithNeither, 300)]
    public async Task Each_documented_reply_is_a_token(string reply, int life)
    {
        _bench.Network.Answers(reply);

        var grant = await _bench.SignInAsync();

        Assert.Equal("acronis-base-token", grant.AccessToken.Reveal());
        Assert.Equal(life, grant.AccessToken.Lifetime.TotalSeconds);
        Assert.Null(grant.RefreshToken);
    }

    [Fact]
    public async Task Client_credentials_go_in_a_basic_header_unencoded()
    {
        _bench.Network.Answers(WithExpiresOn);

        await _bench.SignInAsync();

        var sent = Assert.Single(_bench.Sent);
        Assert.Equal(HttpMethod.Post, sent.Method);
        Assert.Equal(new Uri("https://eu8-cloud.acronis.com/api/2/idp/token"), sent.Address);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Secret}")),
            sent.Authorization
        );
        Assert.Equal("application/x-www-form-urlencoded", sent.ContentType);
        Assert.Equal("grant_type=client_credentials", sent.Body);
    }

    [Fact]
    public async Task Cyberapp_differs_in_the_path_alone()
    {
        var bench = Create(VendorProfiles.AcronisCyberApp);
        bench.Network.Answers(WithExpiresIn);

        await bench.SignInAsync();

        Assert.Equal("acronis-cyberapp", bench.Connection.Vendor.Name);
        Assert.Equal("acronis-cyberapp-default-access-token", bench.Connection.TokenSecretName);
        Assert.Equal(new Uri("https://eu8-cloud.acronis.com/bc/idp/token"), Assert.Single(bench.Sent).Address);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_request","error_description":"x"}""")]
    [InlineData(401, """{"error":"invalid_client","error_description":"Zk+3/s:ecret%of ü=acronis"}""")]
    [InlineData(401, "")]
    [InlineData(403, """{"error":"unauthorized_client"}""")]
    [InlineData(403, """{"error":{"code":403,"message":"The client is disabled."}}""")]
    public async Task A_refusal_or_a_disabled_client_is_a_refusal_of_credentials_without_a_second_try(
        int status,
        string body
    )
    {
        _bench.Network.Answers((HttpStatusCode)status, body);

        var failure = await _bench.FailureAsync();

        Assert.Equal(FailureKind.CredentialsRefused, failure.Kind);
        Assert.Single(_bench.Sent);
    }

    [Fact]
    public async Task A_tenants_token_is_asked_for_with_the_base_token_alone()
    {
        _bench.Network.Answers(Scoped);

        var token = await ScopeAsync(BaseToken());

        var sent = Assert.Single(_bench.Sent);
        Assert.Equal("acronis-tenant-token", token.Reveal());
        Assert.Equal(new Uri("https://eu8-cloud.acronis.com/api/2/idp/token"), sent.Address);
        Assert.Equal("Bearer acronis-base-token", sent.Authorization);
        Assert.Equal(
            [
                KeyValuePair.Create("assertion", "acronis-base-token"),
                KeyValuePair.Create("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                KeyValuePair.Create("scope", "urn:acronis.com:tenant-id:" + Tenant),
            ],
            sent.Form.OrderBy(one => one.Key, StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(3600, 3600)]
    [InlineData(10_000, 7200)]
    public async Task A_tenants_token_dies_with_its_base_token(int baseLife, int expected)
    {
        _bench.Network.Answers(Scoped);

        var token = await ScopeAsync(BaseToken(baseLife));

        Assert.Equal(expected, (token.ExpiresAt - _bench.Bench.Time.GetUtcNow()).TotalSeconds);
    }

    [Fact]
    public async Task A_base_token_that_dies_while_it_is_scoped_brings_no_token()
    {
        var baseToken = BaseToken(5);
        _bench
            .Network.Answers(HttpStatusCode.ServiceUnavailable, "", "text/plain", ("Retry-After", "7"))
            .Answers(Scoped);

        var failure = await Bench.FailureAsync(() => ScopeAsync(baseToken));

        Assert.Equal(FailureKind.VendorReplyUnusable, failure.Kind);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_scope"}""", FailureKind.TenantRefused)]
    [InlineData(403, """{"error":"access_denied"}""", FailureKind.TenantRefused)]
    [InlineData(401, "", FailureKind.TenantRefused)]
    [InlineData(401, "<html>Request blocked.</html>", FailureKind.VendorUnavailable)]
    [InlineData(403, "<html>Request blocked.</html>", FailureKind.VendorUnavailable)]
    [InlineData(503, "", FailureKind.VendorUnavailable)]
    [InlineData(429, "", FailureKind.VendorThrottled)]
    [InlineData(200, "{}", FailureKind.VendorReplyUnusable)]
    public async Task Only_a_refusal_is_the_tenants(int status, string body, FailureKind expected)
    {
        _bench.Network.Answers((HttpStatusCode)status, body);

        var failure = await Bench.FailureAsync(() => ScopeAsync(BaseToken()));

        Assert.Equal(expected, failure.Kind);
        Assert.Equal(expected == FailureKind.TenantRefused, failure.Detail.Contains(Tenant, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_exchange_that_the_server_does_not_offer_is_not_blamed_on_the_tenant()
    {
        _bench.Network.Answers(HttpStatusCode.BadRequest, """{"error":"unsupported_grant_type"}""");

        var failure = await Bench.FailureAsync(() => ScopeAsync(BaseToken()));

        Assert.Equal(FailureKind.TenantRefused, failure.Kind);
        Assert.Contains("does not offer this way to sign in", failure.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_tenant_in_the_settings_the_connections_own_token_is_the_scoped_one()
    {
        var bench = Create(VendorProfiles.Acronis, ("TenantId", Tenant));
        bench.Network.Answers(WithBoth).Answers(Scoped);

        var grant = await bench.SignInAsync();

        Assert.Equal("acronis-tenant-token", grant.AccessToken.Reveal());
        Assert.Equal(3600, grant.AccessToken.Lifetime.TotalSeconds);
        Assert.Equal(Guid.Parse(Tenant), bench.Connection.TenantId);
        Assert.StartsWith("Basic ", bench.Sent[0].Authorization, StringComparison.Ordinal);
        Assert.Equal("Bearer acronis-base-token", bench.Sent[1].Authorization);
    }

    [Fact]
    public async Task Without_its_secret_the_vendor_is_not_asked()
    {
        _bench.Credentials.Held.Clear();

        var failure = await _bench.FailureAsync();

        Assert.Equal(FailureKind.CredentialMissing, failure.Kind);
        Assert.Empty(_bench.Sent);
    }

    private static VendorBench Create(VendorProfile? vendor = null, params (string, string)[] more)
    {
        vendor ??= VendorProfiles.Acronis;
        var bench = new VendorBench(
            vendor,
            [("DataCenterUrl", "https://eu8-cloud.acronis.com/"), ("ClientId", ClientId), .. more]
        );
        bench.Credentials.With($"{bench.Connection.Vendor.Name}-default-client-secret", Secret);
        return bench;
    }

    private AccessToken BaseToken(int life = 7200)
    {
        var now = _bench.Bench.Time.GetUtcNow();
        return new AccessToken(SuiteLog.Guard("acronis-base-token"), null, now, now.AddSeconds(life));
    }

    private Task<AccessToken> ScopeAsync(AccessToken baseToken) =>
        _bench.Vendor.GetTenantTokenAsync(
            _bench.Connection,
            baseToken,
            Guid.Parse(Tenant),
            TestContext.Current.CancellationToken
        );
}
