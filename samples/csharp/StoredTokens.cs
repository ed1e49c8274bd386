using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace BackupFunctions.Samples;

/// <summary>
/// Reads tokens straight from the token vault, and asks the app (GetToken) for those that will not do, and for the first
/// of each connection: the vault does not hold what else the vendor's API needs.
/// </summary>
/// <param name="vault">The token vault. The role Key Vault Secrets User on it is enough.</param>
/// <param name="clients">One is for the app's address, and signs in to it.</param>
/// <param name="time">The clock.</param>
public sealed class StoredTokens(SecretClient vault, IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>A token must outlive the call that it is for.</summary>
    private static readonly TimeSpan LeastLifetime = TimeSpan.FromMinutes(1);

    /// <summary>The last token that the app gave for each connection.</summary>
    private readonly ConcurrentDictionary<(string Vendor, string Connection), VendorToken> _given = new();

    /// <summary>A token with at least a minute to live.</summary>
    /// <exception cref="HttpRequestException">The app has none either; the message holds its problem, which says why.</exception>
    public async Task<VendorToken> GetAsync(string vendor, string connection, CancellationToken cancellationToken) =>
        (_given.TryGetValue((vendor, connection), out var given) ? await ReadAsync(given, cancellationToken) : null)
        ?? await AskAsync(vendor, connection, "", cancellationToken);

    /// <summary>Another token, in place of one that the vendor did not accept. Call it once: not in a loop.</summary>
    /// <exception cref="HttpRequestException">As <see cref="GetAsync"/>.</exception>
    public Task<VendorToken> ReplaceAsync(VendorToken refused, CancellationToken cancellationToken) =>
        AskAsync(refused.Vendor, refused.Connection, $"&rejected={refused.Fingerprint}", cancellationToken);

    private async Task<VendorToken?> ReadAsync(VendorToken given, CancellationToken cancellationToken)
    {
        try
        {
            KeyVaultSecret secret = await vault.GetSecretAsync(
                $"{given.Vendor}-{given.Connection}-access-token",
                cancellationToken: cancellationToken
            );
            // "exp". Key Vault hands out expired secrets as readily as others, so the reader has to look.
            return secret.Properties.ExpiresOn - time.GetUtcNow() >= LeastLifetime ? OfSecret(given, secret) : null;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 429 or 0 or >= 500)
        {
            // Not there yet, or the vault is out of reach: the app has tokens in memory too. A 403 is for an operator, and is thrown.
            return null;
        }
    }

    private async Task<VendorToken> AskAsync(
        string vendor,
        string connection,
        string query,
        CancellationToken cancellationToken
    )
    {
        using var response = await clients
            .CreateClient(Registration.AppClient)
            .GetAsync(
                $"api/GetToken/{vendor}/{connection}?minimumLifetime={LeastLifetime.TotalSeconds}{query}",
                cancellationToken
            );
        if (!response.IsSuccessStatusCode)
        {
            // A problem (RFC 9457): 424 means that an operator must act, 503 that it may heal. It never holds a token.
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException(
                problem.Length > 0 ? problem : Unexplained(response.StatusCode),
                null,
                response.StatusCode
            );
        }

        var reply = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var token = new VendorToken(
            vendor,
            connection,
            AuthenticationHeaderValue.Parse(reply.GetProperty("authorization").GetString()!),
            UrlOf(reply.GetProperty("base_url").GetString()),
            reply.GetProperty("fingerprint").GetString()!,
            // An app of an older version has neither member.
            reply.TryGetProperty("headers", out var headers)
                ? headers.Deserialize<Dictionary<string, string>>()!
                : [],
            reply.TryGetProperty("rejected_statuses", out var statuses) ? statuses.Deserialize<int[]>()! : [401]
        );
        _given[(vendor, connection)] = token;
        return token;
    }

    /// <summary>What it means if the Functions host answers for the app: it says nothing itself.</summary>
    private static string Unexplained(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Unauthorized =>
                "The app answered 401: it does not admit this caller. Check the audience of the sign-in, "
                    + "or the function key if it takes keys.",
            HttpStatusCode.NotFound => "The app answered 404: there is no such function at this address. "
                + "Check the app's address and the vendor's name.",
            _ => $"The app answered {(int)status}: it gave no reason.",
        };

    private static VendorToken OfSecret(VendorToken given, KeyVaultSecret secret)
    {
        var tags = secret.Properties.Tags;
        return given with
        {
            Authorization = new AuthenticationHeaderValue(tags["token_type"], secret.Value),
            BaseUrl = UrlOf(tags.TryGetValue("base_url", out var url) ? url : null),
            Fingerprint = tags["fingerprint"],
        };
    }

    private static Uri? UrlOf(string? text) => text is null ? null : new Uri(text);
}
