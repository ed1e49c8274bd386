using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Testing;

/// <summary>
/// The certified OpenID provider from npm, as a peer that we did not write: it checks client secrets and assertions
/// (audience, expiry, each <c>jti</c> once) and reports whether a token is live.
/// </summary>
public sealed class OidcProviderServer : IAsyncDisposable
{
    private const string ReadyMarker = "ready ";
    private const string GuardMarker = "guard ";
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private OidcProviderServer(ChildProcess process, Uri issuer)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = issuer };
        Issuer = issuer;
    }

    /// <summary>The server's address; without the trailing slash, the issuer in its discovery document.</summary>
    public Uri Issuer { get; }

    public Uri DiscoveryDocument => new(Issuer, ".well-known/openid-configuration");

    public Uri TokenEndpoint => new(Issuer, "token");

    public static async Task<OidcProviderServer> StartAsync(OidcProviderOptions options)
    {
        var configuration = new JsonObject
        {
            ["clients"] = new JsonArray([.. options.Clients.Select(client => client.ToMetadata(options.Scopes))]),
            ["scopes"] = new JsonArray([.. options.Scopes.Select(scope => JsonValue.Create(scope))]),
            ["lifetime"] = (int)options.AccessTokenLifetime.TotalSeconds,
            ["format"] = options.TokenFormat == OidcTokenFormat.Jwt ? "jwt" : "opaque",
        };
        var (process, ready) = await NodeProcess.StartAsync(
            "oidc-provider.mjs",
            [],
            ReadyMarker,
            configuration.ToJsonString(),
            Guards
        );
        return new OidcProviderServer(process, new Uri(ready[ReadyMarker.Length..]));
    }

    /// <summary>Whether the server would still accept a token that it issued.</summary>
    public async Task<bool> IsLiveAsync(string token)
    {
        using var reply = await PostAsync("live", token);
        return (await reply.Content.ReadFromJsonAsync<JsonObject>())!["live"]!.GetValue<bool>();
    }

    /// <summary>Revokes a token; only opaque tokens can be revoked.</summary>
    public async Task RevokeAsync(string token) => (await PostAsync("revoke", token)).Dispose();

    public async Task<OidcProviderCounters> CountersAsync() =>
        (await _http.GetFromJsonAsync<OidcProviderCounters>("counters"))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static bool Guards(string line)
    {
        if (!line.StartsWith(GuardMarker, StringComparison.Ordinal))
            return false;
        if (line.Length - GuardMarker.Length >= SecretScanner.Window)
            SuiteLog.Guard(line[GuardMarker.Length..]);
        return true;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string token)
    {
        using var form = new FormUrlEncodedContent([new("token", token)]);
        var reply = await _http.PostAsync(new Uri(path, UriKind.Relative), form);
        return reply.EnsureSuccessStatusCode();
    }
}
