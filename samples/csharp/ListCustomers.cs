using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Samples;

/// <summary>A function that calls backup.net with a token from Key Vault, every morning.</summary>
/// <param name="tokens">Where tokens come from.</param>
/// <param name="clients">For the vendor's API.</param>
/// <param name="logger">Told how many customers there are.</param>
public sealed partial class ListCustomers(
    StoredTokens tokens,
    IHttpClientFactory clients,
    ILogger<ListCustomers> logger
)
{
    [Function("ListCustomers")]
    public async Task RunAsync([TimerTrigger("0 0 6 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var customers = await GetAsync("v1/customers", cancellationToken);
        LogCustomers(customers.GetArrayLength());
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync("backupnet", "default", cancellationToken);
        var response = await SendAsync(path, token, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
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
        return await clients.CreateClient(Registration.VendorClient).SendAsync(request, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "backup.net has {Count} customers")]
    private partial void LogCustomers(int count);
}
