using System.Net.Sockets;
using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.Check.Servers;

/// <summary>
/// Asks a vendor's server whether it is there: one HEAD request for its root, without any credential, over a connection of its
/// own. What is trusted is what a sign-in trusts.
/// </summary>
internal sealed class ServerProbe(TimeProvider time)
{
    /// <summary>What the request ends in; tests put their own network here.</summary>
    internal Func<HttpMessageHandler>? Network { get; init; }

    /// <summary>Asks once.</summary>
    /// <param name="server">Any address at the server.</param>
    /// <param name="pin">The SHA-256 of its certificate; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ServerAnswer> AskAsync(Uri server, string? pin, CancellationToken cancellationToken)
    {
        ServerCertificate? certificate = null;
        using var client = new HttpClient(
            Network?.Invoke()
                ?? VendorHttp.CreateNetwork(pin ?? "", (shown, chain, errors) =>
                    certificate = ServerCertificate.Of(shown, chain, errors)
                )
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var request = new HttpRequestMessage(HttpMethod.Head, server.GetLeftPart(UriPartial.Authority));
        var askedAt = time.GetUtcNow();
        try
        {
            using var reply = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            return new ServerAnswer(ServerOutcome.Answered)
            {
                Status = (int)reply.StatusCode,
                Date = reply.Headers.Date,
                AskedAt = askedAt,
                AnsweredAt = time.GetUtcNow(),
                Certificate = certificate,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return OfFailure(exception) with
            {
                AskedAt = askedAt,
                AnsweredAt = time.GetUtcNow(),
                Certificate = certificate,
            };
        }
    }

    private static ServerAnswer OfFailure(Exception exception)
    {
        var socket = TransportFailure.Chain(exception).OfType<SocketException>().FirstOrDefault();
        return TransportFailure.IsDistrust(exception) ? new ServerAnswer(ServerOutcome.NotTrusted)
            : exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
                ? new ServerAnswer(ServerOutcome.NameUnknown)
            : new ServerAnswer(ServerOutcome.Unreachable)
            {
                Reason = socket?.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => "nothing listens there",
                    SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no way there",
                    SocketError.TimedOut => "it did not answer",
                    _ => exception is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError }
                        ? "the proxy did not connect"
                        : "the connection broke off",
                },
            };
    }
}
