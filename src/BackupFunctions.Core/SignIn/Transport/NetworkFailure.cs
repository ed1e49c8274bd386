using System.Net;
using System.Net.Sockets;
using Polly.Timeout;

namespace BackupFunctions.SignIn.Transport;

/// <summary>Why a request got no reply. The words are the same in a reply, a log, an alert and a finding.</summary>
/// <param name="Cause">What failed.</param>
/// <param name="Problem">The same as a whole sentence that names the server.</param>
internal sealed record NetworkFailure(NetworkCause Cause, string Problem)
{
    /// <summary>The certificate that was refused; null unless that is the cause.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Reads an exception of the network.</summary>
    /// <param name="exception">What the HTTP client threw.</param>
    /// <param name="address">The address that was asked.</param>
    /// <param name="usesProxy">Whether it was asked through the system's proxy, if there is one.</param>
    public static NetworkFailure Of(Exception exception, Uri address, bool usesProxy = true)
    {
        var proxy = usesProxy ? ProxyOf(address) : null;
        var server = address.Authority;
        var chain = TransportFailure.Chain(exception).ToList();
        if (chain.OfType<CertificateRefusedException>().FirstOrDefault() is { } refused)
        {
            return new(NetworkCause.Certificate, refused.Certificate.Refusal(server, refused.Pin))
            {
                Certificate = refused.Certificate,
            };
        }

        if (chain.OfType<TimeoutRejectedException>().FirstOrDefault() is { } timeout)
        {
            return new(NetworkCause.Timeout, $"{server} did not answer within {timeout.Timeout.TotalSeconds:0} s.");
        }

        var http = chain.OfType<HttpRequestException>().FirstOrDefault();
        return http?.HttpRequestError switch
        {
            _ when TransportFailure.IsDistrust(exception) => NoTls(server),
            HttpRequestError.SecureConnectionError => NoTls(server),
            HttpRequestError.ProxyTunnelError => new(NetworkCause.Proxy, Refused(address, proxy, http.StatusCode)),
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => NotConnected(
                address,
                proxy,
                chain.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode,
                isNameUnknown: http.HttpRequestError == HttpRequestError.NameResolutionError
            ),
            HttpRequestError.InvalidResponse => BrokenOff($"{server} answered with something that is not HTTP."),
            HttpRequestError.ConfigurationLimitExceeded => BrokenOff($"{server} sent headers without end."),
            _ => BrokenOff($"The connection to {server} broke off before the answer was complete."),
        };
    }

    private static NetworkFailure NoTls(string server) =>
        new(NetworkCause.NoTls, $"The TLS handshake with {server} failed: it showed no certificate.");

    private static NetworkFailure BrokenOff(string problem) => new(NetworkCause.BrokenOff, problem);

    private static NetworkFailure NotConnected(Uri address, Uri? proxy, SocketError? error, bool isNameUnknown)
    {
        if (proxy is not null)
        {
            var why = isNameUnknown ? Unresolved(proxy.Host, error) : $"{ReasonOf(error)}.";
            return new(
                NetworkCause.Proxy,
                $"Could not connect to the proxy {proxy.Authority}, through which {address.Authority} is reached: {why}"
            );
        }

        return isNameUnknown
            ? new(NetworkCause.NameUnknown, Unresolved(address.Host, error))
            : new(NetworkCause.NotConnected, $"Could not connect to {address.Authority}: {ReasonOf(error)}.");
    }

    private static string Unresolved(string host, SocketError? error) =>
        error switch
        {
            SocketError.TryAgain or SocketError.NoRecovery => $"DNS did not say where {host} is.",
            SocketError.NoData => $"DNS has no address for {host}.",
            _ => $"DNS does not know {host}.",
        };

    private static string ReasonOf(SocketError? error) =>
        error switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to it",
            SocketError.TimedOut => "no answer",
            _ => "the connection failed",
        };

    private static string Refused(Uri address, Uri? proxy, HttpStatusCode? status)
    {
        var name = proxy is null ? "The proxy" : $"The proxy {proxy.Authority}";
        return status switch
        {
            HttpStatusCode.ProxyAuthenticationRequired =>
                $"{name} wants a user and a password before it connects to {address.Authority} (407).",
            { } known => $"{name} did not connect to {address.Authority} ({(int)known}).",
            null => $"{name} did not connect to {address.Authority}.",
        };
    }

    /// <summary>
    /// The proxy that the system prescribes for an address; null for none. Its user and password are never shown.
    /// </summary>
    private static Uri? ProxyOf(Uri address)
    {
        var proxy = HttpClient.DefaultProxy;
        return proxy.IsBypassed(address) || proxy.GetProxy(address) is not { } at || at == address ? null : at;
    }
}

/// <summary>What failed on the way to a server.</summary>
internal enum NetworkCause
{
    /// <summary>DNS has no address for the name.</summary>
    NameUnknown,

    /// <summary>No connection was made.</summary>
    NotConnected,

    /// <summary>There was no answer in time.</summary>
    Timeout,

    /// <summary>The TLS handshake failed before a certificate was shown.</summary>
    NoTls,

    /// <summary>The certificate was refused.</summary>
    Certificate,

    /// <summary>The proxy is unavailable or did not connect.</summary>
    Proxy,

    /// <summary>The connection was made, and ended or failed before the answer was complete.</summary>
    BrokenOff,
}
