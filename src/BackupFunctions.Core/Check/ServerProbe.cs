using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
            return new ServerProbeResult
            {
                Status = (int)reply.StatusCode,
                ClockDifference = ServerClock.Difference(ReplyDate.Of(reply, askedAt), askedAt, time.GetUtcNow()),
                Certificate = certificate,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ServerProbeResult
            {
                IsNotTrusted = TransportFailure.IsDistrust(exception),
                IsNameUnknown = ErrorOf(exception) == HttpRequestError.NameResolutionError,
                Reason = ReasonOf(exception),
                Certificate = certificate,
            };
        }
    }

    private static HttpRequestError? ErrorOf(Exception exception) =>
        (exception as HttpRequestException)?.HttpRequestError;

    private static string ReasonOf(Exception exception)
    {
        var socket = TransportFailure.Chain(exception).OfType<SocketException>().FirstOrDefault();
        return socket?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to it",
            SocketError.TimedOut => "no answer",
            _ when ErrorOf(exception) == HttpRequestError.ProxyTunnelError => "the proxy did not connect",
            _ => "the connection failed",
        };
    }
}

/// <summary>A server's response, or why there is none.</summary>
internal sealed record ServerProbeResult
{
    /// <summary>The HTTP status; null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>Whether DNS does not know the name.</summary>
    public bool IsNameUnknown { get; init; }

    /// <summary>Whether this host refused the certificate or the protocol.</summary>
    public bool IsNotTrusted { get; init; }

    /// <summary>Why there is no connection, as the end of a sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>See <see cref="ServerClock.Difference"/>.</summary>
    public TimeSpan? ClockDifference { get; init; }

    /// <summary>The certificate that the server presented; null without TLS.</summary>
    public ServerCertificate? Certificate { get; init; }
}

/// <summary>A certificate that a server presented. Its names are untrusted, so only harmless characters stay.</summary>
/// <param name="Subject">The subject's common name.</param>
/// <param name="Issuer">The issuer's common name.</param>
/// <param name="Sha256">The SHA-256 fingerprint that can be pinned: 64 upper-case hex digits.</param>
/// <param name="NotBefore">The start of its validity.</param>
/// <param name="NotAfter">The end of its validity.</param>
/// <param name="IsForAnotherName">Whether it was issued for another host.</param>
/// <param name="IsOfUnknownIssuer">Whether it does not chain to a trusted authority.</param>
internal sealed record ServerCertificate(
    string Subject,
    string Issuer,
    string Sha256,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    bool IsForAnotherName,
    bool IsOfUnknownIssuer
)
{
    private const int LongestName = 80;

    /// <summary>Copies what is needed, because the certificate is disposed with its connection.</summary>
    public static ServerCertificate Of(X509Certificate shown, X509Chain? chain, SslPolicyErrors errors)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        return new ServerCertificate(
            Shown(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)),
            Shown(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
            Convert.ToHexString(SHA256.HashData(certificate.RawDataMemory.Span)),
            new DateTimeOffset(certificate.NotBefore),
            new DateTimeOffset(certificate.NotAfter),
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
                && chain?.ChainStatus.Any(status => (status.Status & Untrusted) != X509ChainStatusFlags.NoError) == true
        );
    }

    private static string Shown(string? name)
    {
        var harmless = (name ?? "").Where(character =>
            char.IsLetterOrDigit(character) || " .-*,'&()_".Contains(character, StringComparison.Ordinal)
        );
        var shown = string.Concat(harmless.Take(LongestName)).Trim();
        return shown.Length == 0 ? "unnamed" : shown;
    }
}
