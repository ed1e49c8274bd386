using BackupFunctions.Connections;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>Ends tokens at the vendor.</summary>
internal sealed class RevocationClient(VendorHttp http, TimeProvider time)
{
    /// <summary>Revokes a token (RFC 7009).</summary>
    /// <param name="request">
    /// The request, with the client's authentication; its address is the revocation endpoint.
    /// </param>
    /// <param name="connection">The connection, for its certificate pin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">
    /// The server did not return 2xx, which it does for a dead token too (section 2.2).
    /// </exception>
    public async Task RevokeAsync(
        TokenRevocationRequest request,
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        request.Options.Set(RequestTrace.Key, new RequestTrace());
        var server = new Uri(request.Address!).GetLeftPart(UriPartial.Path);
        using var response = await http.Client(connection.ServerCertificateSha256)
            .RevokeTokenAsync(request, cancellationToken);
        var reply = response.HttpResponse
            ?? throw TokenEndpoint.Unanswered(new Uri(request.Address!), connection, response.Exception!);
        await EnsureEndedAsync(reply, server);
    }

    /// <summary>Makes the call that ends the session of a bearer token, as the profile names it.</summary>
    /// <exception cref="TokenException">The server did not return 2xx.</exception>
    public async Task EndSessionAsync(Connection connection, AccessToken token, CancellationToken cancellationToken)
    {
        var call = connection.Vendor.EndSession!;
        var address = connection.At(connection.Server, call.Path);
        using var request = new HttpRequestMessage(HttpMethod.Parse(call.Method), address);
        foreach (var (name, value) in connection.Headers)
        {
            request.Headers.Add(name, value);
        }

        request.SetBearerToken(token.Reveal());
        request.Options.Set(RequestTrace.Key, new RequestTrace());
        HttpResponseMessage reply;
        try
        {
            reply = await http.Client(connection.ServerCertificateSha256).SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw TokenEndpoint.Unanswered(address, connection, exception);
        }

        using (reply)
        {
            await EnsureEndedAsync(reply, address.GetLeftPart(UriPartial.Path));
        }
    }

    private async Task EnsureEndedAsync(HttpResponseMessage reply, string server)
    {
        if (!reply.IsSuccessStatusCode)
        {
            var body = await ReplyBody.OfAsync(reply);
            var failure = TokenErrorReader.Read(reply, body, server, time.GetUtcNow());
            throw new TokenException(
                failure with
                {
                    Problem = $"{TokenErrorReader.Answer(server, (int)reply.StatusCode, failure.OAuthError, body)}.",
                    Remedy = null,
                }
            );
        }
    }
}
