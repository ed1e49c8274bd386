using System.Net.Sockets;
using System.Security.Authentication;

namespace BackupFunctions.AzureSdk;

/// <summary>Says why a service sent no response. Nothing of an exception's own text is shown.</summary>
internal static class MissingResponse
{
    /// <summary>Says why.</summary>
    /// <returns>
    /// The rest of a sentence that begins with the service, and what to do about it; null if only waiting helps.
    /// </returns>
    public static (string What, string? Remedy) Describe(Exception exception)
    {
        var chain = Chain(exception).ToList();
        if (chain.Exists(inner => inner is AuthenticationException))
        {
            return (
                "shows a certificate that this host does not trust",
                "Check the address in the settings, and whether a proxy on the way replaces certificates."
            );
        }

        if (chain.OfType<SocketException>().Any(socket => socket.SocketErrorCode == SocketError.ConnectionRefused))
        {
            return ("refused the connection", "Check the address in the settings.");
        }

        if (chain.Exists(inner => inner is OperationCanceledException))
        {
            return ("did not answer in time", null);
        }

        return chain.OfType<HttpRequestException>().FirstOrDefault()?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => (
                "could not be reached, because its name could not be resolved",
                "Check the address in the settings and, if there is a private endpoint, the network's DNS zone."
            ),
            HttpRequestError.SecureConnectionError => ("could not be reached, because the TLS handshake failed", null),
            HttpRequestError.ProxyTunnelError => (
                "could not be reached, because the proxy refused the connection",
                "Check HTTPS_PROXY and NO_PROXY on this host."
            ),
            HttpRequestError.ResponseEnded => ("closed the connection early", null),
            _ when exception is IOException => ("closed the connection early", null),
            _ => ("could not be reached", null),
        };
    }

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
