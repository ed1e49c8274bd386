using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>Ends tokens at the vendor.</summary>
public sealed class RevocationClient(VendorHttp http, TimeProvider time)
{
    /// <summary>Revokes a token (RFC 7009).</summary>
    /// <param name="request">The request, with the client's authentication; its address is the revocation endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">The server did not answer with 2xx; it does so also to a token that is dead (section 2.2).</exception>
    internal async Task RevokeAsync(TokenRevocationRequest request, CancellationToken cancellationToken)
    {
        request.Options.Set(RequestTrace.Key, new RequestTrace());
        var server = new Uri(request.Address!).GetLeftPart(UriPartial.Path);
        using var response = await http.Client().RevokeTokenAsync(request, cancellationToken);
        EnsureEnded(response.HttpResponse ?? throw TokenEndpoint.Unanswered(server, response.Exception!), server);
    }

    /// <summary>Deletes the session that a bearer token belongs to.</summary>
    /// <param name="address">Where.</param>
    /// <param name="token">The token.</param>
    /// <param name="pin">The SHA-256 of the server's certificate; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">The server did not answer with 2xx.</exception>
    internal async Task DeleteAsync(Uri address, AccessToken token, string? pin, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        request.SetBearerToken(token.Reveal());
        request.Options.Set(RequestTrace.Key, new RequestTrace());
        HttpResponseMessage reply;
        try
        {
            reply = await http.Client(pin).SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw TokenEndpoint.Unanswered(address.GetLeftPart(UriPartial.Path), exception);
        }

        using (reply)
        {
            EnsureEnded(reply, address.GetLeftPart(UriPartial.Path));
        }
    }

    private void EnsureEnded(HttpResponseMessage reply, string server)
    {
        if (!reply.IsSuccessStatusCode)
        {
            throw new TokenException(
                TokenErrorReader.Read(reply, json: null, server, time.GetUtcNow()) with
                {
                    Problem = $"{server} answered {(int)reply.StatusCode}.",
                }
            );
        }
    }
}
