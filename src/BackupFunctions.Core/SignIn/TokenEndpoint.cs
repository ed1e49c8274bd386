using System.Text.Json;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;
using Polly.Timeout;

namespace BackupFunctions.SignIn;

/// <summary>Sends token requests (RFC 6749) and turns whatever comes back into a reply or a typed failure.</summary>
public sealed class TokenEndpoint(VendorHttp http, TimeProvider time)
{
    /// <summary>Sends a token request.</summary>
    /// <param name="request">The request; its address is the token endpoint.</param>
    /// <param name="spends">Whether it spends something that works once, so that it must not be repeated once it may have arrived.</param>
    /// <param name="pin">The SHA-256 of the server's certificate; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">The server did not answer with 2xx.</exception>
    internal async Task<TokenReply> RequestAsync(
        TokenRequest request,
        bool spends,
        string? pin,
        CancellationToken cancellationToken
    )
    {
        var exchange = new RequestTrace { Spends = spends };
        request.Options.Set(RequestTrace.Key, exchange);
        var server = new Uri(request.Address!).GetLeftPart(UriPartial.Path);
        using var response = await http.Client(pin).RequestTokenAsync(request, cancellationToken);
        if (response.HttpResponse is not { } reply)
        {
            throw Unanswered(server, response.Exception!);
        }

        var json = ParsedJson(response);
        return reply.IsSuccessStatusCode && json.Text("error") is null
            ? new TokenReply(json, exchange.SentAt, exchange.Date, server)
            : throw new TokenException(TokenErrorReader.Read(reply, json, server, time.GetUtcNow()));
    }

    /// <summary>The failure of a request that no reply came to.</summary>
    internal static TokenException Unanswered(string server, Exception exception) =>
        new(
            TransportFailure.IsDistrust(exception)
                ? new TokenFailure(
                    FailureKind.ServerNotTrusted,
                    $"The certificate of {server} is not trusted: it does not chain to a known authority, is for another name, or is not the pinned one."
                )
                : new TokenFailure(
                    FailureKind.VendorUnavailable,
                    exception is TimeoutRejectedException
                        ? $"{server} did not answer in time."
                        : $"{server} could not be reached, or broke off."
                )
                {
                    MayHaveReachedVendor = TransportFailure.MayHaveArrived(exception),
                },
            exception
        );

    private static JsonElement? ParsedJson(TokenResponse response) => response.Exception is null ? response.Json : null;
}
