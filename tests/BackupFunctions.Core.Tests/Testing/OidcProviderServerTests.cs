using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BackupFunctions.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BackupFunctions.Core.Tests.Testing;

public sealed class OidcProviderServerTests(OidcProviderServerTests.Servers servers)
    : IClassFixture<OidcProviderServerTests.Servers>
{
    private const string Secret = "a-secret-for-the-post-client";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discovery_names_the_address_as_issuer_and_the_token_endpoint()
    {
        var document = await servers.Http.GetFromJsonAsync<JsonObject>(servers.Opaque.DiscoveryDocument, Cancel);

        Assert.Equal(servers.Opaque.Issuer.AbsoluteUri.TrimEnd('/'), (string?)document!["issuer"]);
        Assert.Equal(servers.Opaque.TokenEndpoint.AbsoluteUri, (string?)document["token_endpoint"]);
    }

    [Fact]
    public async Task A_client_with_a_secret_gets_a_token_that_is_live_until_it_is_revoked()
    {
        var before = await servers.Opaque.CountersAsync();
        var (status, reply) = await PostAsync(servers.Opaque, WithSecret(Secret));

        var token = (string)reply["access_token"]!;
        var after = await servers.Opaque.CountersAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(900, (int)reply["expires_in"]!);
        Assert.Equal("platformbackup.readwrite.all", (string?)reply["scope"]);
        Assert.True(after.Granted > before.Granted);
        Assert.True(await servers.Opaque.IsLiveAsync(token));

        await servers.Opaque.RevokeAsync(token);

        Assert.False(await servers.Opaque.IsLiveAsync(token));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_counted()
    {
        var (status, reply) = await PostAsync(servers.Opaque, WithSecret("not-the-secret"));

        var counters = await servers.Opaque.CountersAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("invalid_client", (string?)reply["error"]);
        Assert.True(counters.Errors["invalid_client"] > 0);
    }

    [Fact]
    public async Task A_client_with_a_key_gets_a_token_once_for_each_assertion()
    {
        var form = WithAssertion(servers.Jwt.TokenEndpoint, "jti-of-a-replay");

        var (first, reply) = await PostAsync(servers.Jwt, form);
        var (second, refusal) = await PostAsync(servers.Jwt, form);

        Assert.Equal(HttpStatusCode.OK, first);
        Assert.True(await servers.Jwt.IsLiveAsync((string)reply["access_token"]!));
        Assert.Equal(3, ((string)reply["access_token"]!).Split('.').Length);
        Assert.Equal(HttpStatusCode.Unauthorized, second);
        Assert.Equal("invalid_client", (string?)refusal["error"]);
    }

    [Fact]
    public async Task An_assertion_for_another_audience_is_refused()
    {
        var (status, _) = await PostAsync(servers.Jwt, WithAssertion(servers.Opaque.TokenEndpoint, "jti-of-another"));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    private static Dictionary<string, string> WithSecret(string secret) =>
        new()
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "with-secret",
            ["client_secret"] = secret,
            ["scope"] = "platformbackup.readwrite.all",
        };

    private Dictionary<string, string> WithAssertion(Uri audience, string jti)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var assertion = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = "with-key",
                Audience = audience.AbsoluteUri,
                IssuedAt = now,
                NotBefore = now,
                Expires = now.AddMinutes(5),
                Claims = new Dictionary<string, object> { ["sub"] = "with-key", ["jti"] = jti },
                SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(servers.Key),
                    SecurityAlgorithms.RsaSha256
                ),
            }
        );
        return new()
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        };
    }

    private async Task<(HttpStatusCode Status, JsonObject Reply)> PostAsync(
        OidcProviderServer server,
        Dictionary<string, string> form
    )
    {
        using var content = new FormUrlEncodedContent(form);
        using var reply = await servers.Http.PostAsync(server.TokenEndpoint, content, Cancel);
        return (reply.StatusCode, (await reply.Content.ReadFromJsonAsync<JsonObject>(Cancel))!);
    }

    public sealed class Servers : IAsyncLifetime
    {
        public RSA Key { get; } = RSA.Create(2048);

        public HttpClient Http { get; } = new();

        public OidcProviderServer Opaque { get; private set; } = null!;

        public OidcProviderServer Jwt { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var options = new OidcProviderOptions
            {
                Clients = [OidcClient.WithSecretInBody("with-secret", Secret), OidcClient.WithKey("with-key", Key)],
                AccessTokenLifetime = TimeSpan.FromMinutes(15),
            };
            Opaque = await OidcProviderServer.StartAsync(options);
            Jwt = await OidcProviderServer.StartAsync(options with { TokenFormat = OidcTokenFormat.Jwt });
        }

        public async ValueTask DisposeAsync()
        {
            await Opaque.DisposeAsync();
            await Jwt.DisposeAsync();
            Http.Dispose();
            Key.Dispose();
        }
    }
}
