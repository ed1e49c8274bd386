using BackupFunctions.SignIn.Transport;
using static BackupFunctions.Check.FindingType;

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

/// <summary>Compares the clocks of servers with ours, and this host's with the vault's.</summary>
internal static class ServerClock
{
    /// <summary>Signed assertions live five minutes and one-time codes 30 s.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>How far a server's clock is ahead of ours, negative if behind; null if it does not report it.</summary>
    /// <param name="date">The response's <c>Date</c> if it shows that clock; whole seconds (RFC 9110 6.6.1).</param>
    /// <param name="took">How long the response took.</param>
    /// <param name="answeredAt">When it arrived, by our clock.</param>
    public static TimeSpan? Difference(DateTimeOffset? date, TimeSpan took, DateTimeOffset answeredAt)
    {
        if (date is not { } theirs)
        {
            return null;
        }

        var askedAt = answeredAt - took;

        if (theirs > answeredAt)
        {
            return theirs - answeredAt;
        }

        var latest = theirs.AddSeconds(1);
        return latest < askedAt ? latest - askedAt : TimeSpan.Zero;
    }

    /// <summary>The finding about a difference.</summary>
    /// <param name="difference">See <see cref="Difference"/>.</param>
    /// <param name="subject">Whose server it is.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="isOursRight">Whether a vault, or two other servers, have confirmed our clock.</param>
    public static Finding Find(TimeSpan? difference, string subject, string server, bool isOursRight)
    {
        if (difference is not { } ahead)
        {
            return new Finding(ClockUnknown, subject, $"{server} does not report its present time.");
        }

        if (ahead.Duration() <= Tolerance)
        {
            return new Finding(ClockGood, subject, "The clock is right.");
        }

        var direction = ahead > TimeSpan.Zero ? "ahead" : "behind";
        return new Finding(
            ClockOff,
            subject,
            $"The clock of {server} is {InWords(ahead.Duration())} {direction}.",
            isOursRight
                ? "Tell the server's operator."
                : $"If other servers differ by as much, this host's clock is wrong. {SetIt} Otherwise tell the "
                    + "server's operator."
        );
    }

    /// <summary>The finding about this host's own clock, which the vault's reply has just shown to be off.</summary>
    /// <param name="hostAhead">See <see cref="Clocks.HostClock.HostAhead"/>.</param>
    /// <param name="subject">The vault.</param>
    /// <param name="vault">Its host name.</param>
    /// <returns>Null if it is right, or its difference is not known.</returns>
    public static Finding? FindHost(TimeSpan? hostAhead, string subject, string vault)
    {
        if (hostAhead is not { } ahead || ahead.Duration() <= Tolerance)
        {
            return null;
        }

        var direction = ahead > TimeSpan.Zero ? "ahead of" : "behind";
        return new Finding(
            ClockOff,
            subject,
            $"This host's clock is {InWords(ahead.Duration())} {direction} that of {vault}. Tokens are not affected, "
                + "because the app goes by the vault's time.",
            SetIt
        );
    }

    private const string SetIt = "Set this host's clock (timedatectl set-ntp true, or w32tm /resync).";

    private static string InWords(TimeSpan difference) =>
        difference switch
        {
            { TotalMinutes: < 2 } => $"{difference.TotalSeconds:0} s",
            { TotalHours: < 2 } => $"{difference.TotalMinutes:0} min",
            { TotalDays: < 2 } => $"{difference.TotalHours:0} h",
            _ => $"{difference.TotalDays:0} days",
        };
}
