using BackupFunctions.Connections;
using BackupFunctions.Json;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

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
    /// <param name="ensureMaySend">Asked as each attempt is sent; throws to prevent it.</param>
    /// <exception cref="TokenException">The server did not grant anything.</exception>
    public async Task<TokenReply> RequestAsync(
        TokenRequest request,
        Connection connection,
        bool spends,
        CancellationToken cancellationToken,
        Action? ensureMaySend = null
    )
    {
        var trace = Prepare(request, connection, spends, ensureMaySend);
        var server = new Uri(request.Address!).GetLeftPart(UriPartial.Path);
        var client = http.Client(connection.ServerCertificateSha256);
        using var response = await client.RequestTokenAsync(request, cancellationToken);
        if (response.HttpResponse is not { } reply)
        {
            if (response.Exception is TokenException prevented)
            {
                throw prevented;
            }

            throw Unanswered(new Uri(request.Address!), connection, response.Exception!);
        }

        return await ReadAsync(reply, connection, trace, server);
    }

    /// <summary>Sends a token request in which nothing is signed anew at each try.</summary>
    /// <inheritdoc cref="RequestAsync(TokenRequest, Connection, bool, CancellationToken, Action?)"/>
    public async Task<TokenReply> RequestAsync(
        HttpRequestMessage request,
        Connection connection,
        bool spends,
        CancellationToken cancellationToken,
        Action? ensureMaySend = null
    )
    {
        var trace = Prepare(request, connection, spends, ensureMaySend);
        request.Headers.Accept.ParseAdd("application/json");
        var server = request.RequestUri!.GetLeftPart(UriPartial.Path);
        HttpResponseMessage response;
        try
        {
            response = await http.Client(connection.ServerCertificateSha256).SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or TokenException))
        {
            throw Unanswered(request.RequestUri, connection, exception);
        }

        using (response)
        {
            return await ReadAsync(response, connection, trace, server);
        }
    }

    private static RequestTrace Prepare(
        HttpRequestMessage request,
        Connection connection,
        bool spends,
        Action? ensureMaySend
    )
    {
        var trace = new RequestTrace { Spends = spends, EnsureMaySend = ensureMaySend };
        request.Options.Set(RequestTrace.Key, trace);
        foreach (var (name, value) in connection.Headers)
        {
            request.Headers.Add(name, value);
        }

        return trace;
    }

    private async Task<TokenReply> ReadAsync(
        HttpResponseMessage reply,
        Connection connection,
        RequestTrace trace,
        string server
    )
    {
        var vendor = connection.Vendor;
        var body = await ReplyBody.OfAsync(reply);
        if (reply.IsSuccessStatusCode && body.Json.Text(vendor.Reply.Error) is null)
        {
            return new TokenReply(body, vendor, trace.SentAt, trace.VendorTime, server);
        }

        var failure = TokenErrorReader.Read(reply, body, server, time.GetUtcNow(), vendor.Reply.Error);
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
    /// <param name="address">The address that was asked.</param>
    /// <param name="connection">The connection that signs in, whose settings the remedy names.</param>
    /// <param name="exception">What the HTTP client threw.</param>
    public static TokenException Unanswered(Uri address, Connection connection, Exception exception)
    {
        var failure = NetworkFailure.Of(exception, address);
        var isDistrust = TransportFailure.IsDistrust(exception);
        return new TokenException(
            new TokenFailure(isDistrust ? FailureKind.ServerNotTrusted : FailureKind.VendorUnavailable, failure.Problem)
            {
                Remedy = NetworkRemedy.For(failure, new SignInServer(connection)),
                MayHaveReachedVendor = TransportFailure.MayHaveArrived(exception),
            },
            // The platform's words about a proxy quote its address with user and password.
            failure.Cause == NetworkCause.Proxy
                ? null
                : exception
        );
    }
}
