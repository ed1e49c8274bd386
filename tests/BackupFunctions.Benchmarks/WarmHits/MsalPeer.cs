using System.Net;
using System.Text;
using Microsoft.Identity.Client;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>
/// Microsoft's own library with as many tokens in its memory cache, each of another tenant, as at a service provider;
/// so no token is searched for among the others of its tenant. Entra ID is a handler in this process.
/// </summary>
internal sealed class MsalPeer : HttpMessageHandler, IMsalHttpClientFactory
{
    private static readonly string[] Scopes = ["https://backup.example/.default"];

    private readonly IConfidentialClientApplication _client;
    private readonly string[] _tenants;
    private int _granted;

    private MsalPeer(int tokens)
    {
        _tenants = [.. Enumerable.Range(0, tokens).Select(i => $"00000000-0000-0000-0000-{i:D12}")];
        _client = ConfidentialClientApplicationBuilder
            .Create("6f1d1f0e-2c52-4a8e-9d86-1c3b7a5e4f20")
            .WithClientSecret("unused")
            .WithTenantId(_tenants[0])
            .WithInstanceDiscovery(enableInstanceDiscovery: false)
            .WithHttpClientFactory(this)
            .Build();
    }

    public static async Task<MsalPeer> StartAsync(int tokens)
    {
        var peer = new MsalPeer(tokens);
        for (var i = 0; i < tokens; i++)
        {
            await peer.AcquireAsync(i);
        }

        return peer;
    }

    public Task<AuthenticationResult> AcquireAsync(int token) =>
        _client.AcquireTokenForClient(Scopes).WithTenantId(_tenants[token]).ExecuteAsync();

    /// <summary>How many tokens were granted; a hit grants none.</summary>
    public int Granted => _granted;

    public HttpClient GetHttpClient() => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = NearVendor.NewToken(Interlocked.Increment(ref _granted));
        return Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    $$"""{"token_type":"Bearer","expires_in":86399,"access_token":"{{token}}"}""",
                    Encoding.UTF8,
                    "application/json"
                ),
            }
        );
    }
}
