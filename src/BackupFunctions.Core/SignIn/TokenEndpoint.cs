using BackupFunctions.Connections;
using BackupFunctions.Json;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;
using Polly.Timeout;

namespace BackupFunctions.SignIn;

/// <summary>Sends token requests (RFC 6749) and turns whatever comes back into a reply or a typed failure.</summary>
internal sealed class TokenEndpoint(VendorHttp http, TimeProvider time)
{
    /// <summary>
    /// How long credentials are not sent again after an answer that may be a refusal: it costs no refusal, and yet no
    /// more of these are met in an hour than an account is sure to bear.
    /// </summary>
    private static readonly TimeSpan SpacingOfDoubt = TimeSpan.FromHours(1) / RefusalBudget.MostPerHour;

    /// <summary>Sends a token request.</summary>
    /// <param name="request">The request; its address is the token endpoint.</param>
    /// <param name="connection">The connection that signs in, for its certificate pin.</param>
    /// <param name="spends">
    /// Whether it spends something that works once, and so must not be repeated once it may have arrived.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">The server did not grant anything.</exception>
    public async Task<TokenReply> RequestAsync(
        TokenRequest request,
        Connection connection,
        bool spends,
        CancellationToken cancellationToken
    )
    {
        var trace = new RequestTrace { Spends = spends };
        request.Options.Set(RequestTrace.Key, trace);
        var server = new Uri(request.Address!).GetLeftPart(UriPartial.Path);
        var client = http.Client(connection.ServerCertificateSha256);
        using var response = await client.RequestTokenAsync(request, cancellationToken);
        if (response.HttpResponse is not { } reply)
        {
            throw Unanswered(server, response.Exception!);
        }

        var body = await ReplyBody.OfAsync(reply);
        if (reply.IsSuccessStatusCode && body.Json.Text("error") is null)
        {
            return new TokenReply(body, trace.SentAt, trace.VendorTime, server);
        }

        var failure = TokenErrorReader.Read(reply, body, server, time.GetUtcNow());
        throw new TokenException(
            TokenErrorReader.MayBeRefusal(failure, body) && !(failure.RetryAfter > SpacingOfDoubt)
                ? failure with
                {
                    RetryAfter = SpacingOfDoubt,
                }
                : failure
        );
    }

    /// <summary>The failure of a request without a reply.</summary>
    public static TokenException Unanswered(string server, Exception exception)
    {
        if (TransportFailure.IsDistrust(exception))
        {
            var problem =
                $"The certificate of {server} is not trusted: its authority is "
                + "unknown, it is for another name, or it does not match the pin.";
            return new TokenException(new TokenFailure(FailureKind.ServerNotTrusted, problem), exception);
        }

        var what =
            exception is TimeoutRejectedException
                ? "did not respond in time"
                : "could not be reached, or the connection failed";
        return new TokenException(
            new TokenFailure(FailureKind.VendorUnavailable, $"{server} {what}.")
            {
                MayHaveReachedVendor = TransportFailure.MayHaveArrived(exception),
            },
            exception
        );
    }
}
