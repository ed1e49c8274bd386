using System.Security.Authentication;

namespace BackupFunctions.SignIn.Transport;

/// <summary>Reads from an exception how far a request came.</summary>
internal static class TransportFailure
{
    /// <summary>Whether the server's certificate or protocol was refused by us.</summary>
    public static bool IsDistrust(Exception exception) =>
        Chain(exception).Any(inner => inner is AuthenticationException);

    /// <summary>Whether the request may have reached the server: not if no connection was made.</summary>
    public static bool MayHaveArrived(Exception exception) =>
        !IsDistrust(exception)
        && exception
            is not HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError,
            };

    /// <summary>An exception and those inside it.</summary>
    public static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
