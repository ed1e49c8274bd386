using BackupFunctions.Clocks;
using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.KeyVault.Transport;

/// <summary>
/// Sets the clock by a vault's replies, before anything in them is read. What is not JSON is not the vault's.
/// </summary>
internal sealed class VaultDates(HttpMessageHandler inner, HostClock clock) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var sent = clock.GetTimestamp();
        var response = await base.SendAsync(request, cancellationToken);
        if (
            response.Content.Headers.ContentType?.MediaType == "application/json"
            && ReplyDate.Of(response, clock.GetUtcNow()) is { } date
            && ServerTime.Of(request.RequestUri!, isVault: true, date, sent, clock) is { } shown
        )
        {
            clock.Observe(shown);
        }

        return response;
    }
}
