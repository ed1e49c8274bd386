using System.Net.Http.Json;
using System.Text.Json;

namespace BackupFunctions.Samples;

/// <summary>Calls a vendor's API with a token that works.</summary>
/// <param name="tokens">Where tokens come from.</param>
/// <param name="clients">For the vendor's API.</param>
public sealed class VendorApi(StoredTokens tokens, IHttpClientFactory clients)
{
    /// <summary>GETs JSON. A token that the vendor does not accept is replaced, once.</summary>
    /// <exception cref="HttpRequestException">There is no token, or the vendor refuses the call.</exception>
    public async Task<JsonElement> GetAsync(
        string vendor,
        string connection,
        string path,
        CancellationToken cancellationToken
    )
    {
        var token = await tokens.GetAsync(vendor, connection, cancellationToken);
        var response = await SendAsync(path, token, cancellationToken);
        if (token.RejectedStatuses.Contains((int)response.StatusCode))
        {
            response.Dispose();
            response = await SendAsync(path, await tokens.ReplaceAsync(token, cancellationToken), cancellationToken);
        }

        using (response)
        {
            return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        string path,
        VendorToken token,
        CancellationToken cancellationToken
    )
    {
        // Put together as text: a relative address would take the place of the last part of the API's own.
        var url = token.BaseUrl?.AbsoluteUri.TrimEnd('/')
            ?? throw new InvalidOperationException(
                $"Where the API of {token.Vendor}/{token.Connection} is, is not set."
            );
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/{path}")
        {
            Headers = { Authorization = token.Authorization },
        };
        foreach (var (name, value) in token.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await clients.CreateClient(Registration.VendorClient).SendAsync(request, cancellationToken);
    }
}
