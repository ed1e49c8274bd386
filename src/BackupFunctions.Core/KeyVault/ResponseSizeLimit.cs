namespace BackupFunctions.KeyVault;

/// <summary>
/// Bounds what a vault, or who answers in its place, may reply: no more than a megabyte, and whole within the client's
/// <c>NetworkTimeout</c>. The Azure SDK reads a body of any size, and gives each piece of it that time anew: one that drips would
/// hold up a renewal, lock in hand, for ever.
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
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestBody, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
