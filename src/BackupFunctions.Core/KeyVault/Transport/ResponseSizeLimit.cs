using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.KeyVault.Transport;

/// <summary>
/// Bounds what a vault, or anything that answers in its place, may reply: one megabyte, complete within the client's
/// <c>NetworkTimeout</c>. The Azure SDK reads a body of any size and allows that time for each piece of it: one that
/// drips would hold up a renewal, which holds the lock, for ever.
/// </summary>
internal sealed class ResponseSizeLimit(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The longest body: a value has 25 KB, a page of a list 25 names.</summary>
    public const int LargestBody = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var response = await base.SendAsync(request, cancellationToken);
        await BoundedBody.CutAsync(response, LargestBody, cancellationToken);
        return response;
    }
}
