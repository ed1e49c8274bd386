using System.Net.Http.Headers;
using Azure.Core;

namespace BackupFunctions.Samples;

/// <summary>Signs every request in with a token of Entra ID; the credential keeps it as long as it lives.</summary>
/// <param name="credential">Of this app's managed identity, or of whoever debugs it.</param>
/// <param name="audience"><c>api://</c> and the client id of the registration of the app that is asked.</param>
public sealed class EntraSignIn(TokenCredential credential, string audience) : DelegatingHandler
{
    private readonly TokenRequestContext _context = new([$"{audience}/.default"]);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = await credential.GetTokenAsync(_context, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return await base.SendAsync(request, cancellationToken);
    }
}
