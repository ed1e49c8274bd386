using System.Net;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.Core.Tests.Vendors;

public sealed class BackupNetTests
{
    private static readonly string Secret = SuiteLog.Guard("b4ckup+net/secret=&x");
    private static readonly string Discovery = DiscoveryDocumentsTests.Document(
        "https://login.backup.net",
        "https://login.backup.net/connect/token"
    );

    private readonly VendorBench _bench = new(VendorProfiles.BackupNet, ("ClientId", "client&1"));

    public BackupNetTests() => _bench.Credentials.With("backupnet-default-client-secret", Secret);

    [Fact]
    public async Task Client_credentials_go_in_the_body_and_no_scope_and_no_header_with_them()
    {
        _bench
            .Network.Answers(Discovery)
            .Answers(
                """{"access_token":"backupnet-token","token_type":"Bearer","expires_in":1800,"scope":"public-api"}"""
            );

        var grant = await _bench.SignInAsync();

        var sent = _bench.Sent[1];
        Assert.Equal(new Uri("https://login.backup.net/.well-known/openid-configuration"), _bench.Sent[0].Address);
        Assert.Equal(new Uri("https://login.backup.net/connect/token"), sent.Address);
        Assert.Null(sent.Authorization);
        Assert.Equal(
            [
                KeyValuePair.Create("client_id", "client&1"),
                KeyValuePair.Create("client_secret", Secret),
                KeyValuePair.Create("grant_type", "client_credentials"),
            ],
            sent.Form.OrderBy(one => one.Key, StringComparer.Ordinal)
        );
        Assert.Equal(SuiteLog.Guard("backupnet-token"), grant.AccessToken.Reveal());
        Assert.Equal(1800, grant.AccessToken.Lifetime.TotalSeconds);
        Assert.Null(grant.RefreshToken);
    }

    [Fact]
    public void The_public_api_and_sign_in_are_the_defaults()
    {
        var connection = _bench.Connection;

        Assert.Equal(new Uri("https://login.backup.net"), connection.Server);
        Assert.Equal(new Uri("https://public-api.backup.net"), connection.BaseUrl);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""", FailureKind.CredentialsRefused)]
    [InlineData(401, "", FailureKind.CredentialsRefused)]
    [InlineData(200, """{"access_token":""}""", FailureKind.VendorReplyUnusable)]
    [InlineData(500, "", FailureKind.VendorUnavailable)]
    public async Task What_is_no_token_is_a_typed_failure(int status, string body, FailureKind expected)
    {
        _bench.Network.Answers(Discovery).Answers((HttpStatusCode)status, body);

        var failure = await _bench.FailureAsync();

        Assert.Equal(expected, failure.Kind);
    }

    [Fact]
    public async Task A_false_discovery_document_gets_no_credentials()
    {
        _bench.Network.Answers(
            DiscoveryDocumentsTests.Document("https://login.backup.net", "https://evil.example/token")
        );

        var failure = await _bench.FailureAsync();

        Assert.Equal(FailureKind.ServerNotTrusted, failure.Kind);
        Assert.Single(_bench.Sent);
    }
}
