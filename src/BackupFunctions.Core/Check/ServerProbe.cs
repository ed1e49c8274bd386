using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.Check;

/// <summary>
/// Sends one HEAD request to the root of a vendor's server, without credentials, over a connection of its own. It
/// trusts what a sign-in trusts.
/// </summary>
internal sealed class ServerProbe(TimeProvider time)
{
    /// <summary>Replaces the network in tests.</summary>
    internal Func<HttpMessageHandler>? Network { get; init; }

    /// <summary>Asks a server.</summary>
    /// <param name="server">Any address at the server.</param>
    /// <param name="pin">The pinned SHA-256 of its certificate; null if it is not pinned.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<ServerProbeResult> AskAsync(Uri server, string? pin, CancellationToken cancellationToken)
    {
        ServerCertificate? certificate = null;
        using var client = new HttpClient(
            Network?.Invoke() ?? VendorHttp.CreateNetwork(pin, shown => certificate = shown)
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var request = new HttpRequestMessage(HttpMethod.Head, server.GetLeftPart(UriPartial.Authority));
        var askedAt = time.GetUtcNow();
        var sent = time.GetTimestamp();
        try
        {
            using var reply = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            return new ServerProbeResult
            {
                Status = (int)reply.StatusCode,
                ClockDifference = ServerClock.Difference(
                    ReplyDate.Of(reply, askedAt),
                    time.GetElapsedTime(sent),
                    time.GetUtcNow()
                ),
                Certificate = certificate,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ServerProbeResult { Failure = NetworkFailure.Of(exception, server) };
        }
    }
}

/// <summary>A server's response, or why there is none.</summary>
internal sealed record ServerProbeResult
{
    /// <summary>The HTTP status; null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>Why there is no response; null if there is one.</summary>
    public NetworkFailure? Failure { get; init; }

    /// <summary>See <see cref="ServerClock.Difference"/>.</summary>
    public TimeSpan? ClockDifference { get; init; }

    /// <summary>The certificate of a server that responded; null without TLS.</summary>
    public ServerCertificate? Certificate { get; init; }
}
