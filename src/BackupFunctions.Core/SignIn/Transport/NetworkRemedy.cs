using BackupFunctions.Connections;

namespace BackupFunctions.SignIn.Transport;

/// <summary>What an operator can do if a server cannot be reached or trusted.</summary>
internal static class NetworkRemedy
{
    /// <summary>The remedy where a proxy failed.</summary>
    public const string ForProxy = "Check this host's proxy settings (HTTPS_PROXY, NO_PROXY), and the proxy itself.";

    /// <summary>The remedy, in whole sentences that name the settings; null if only waiting helps.</summary>
    public static string? For(NetworkFailure failure, SignInServer server) =>
        failure.Cause switch
        {
            NetworkCause.NameUnknown => $"Check {server.Setting}, then this host's DNS.",
            NetworkCause.NotConnected or NetworkCause.Timeout => server.NetworkRemedy,
            NetworkCause.NoTls => $"Check {server.Setting}, and that TLS 1.2 or later is offered at that port.",
            NetworkCause.Certificate => ForCertificate(server),
            NetworkCause.Proxy => ForProxy,
            NetworkCause.BrokenOff => null,
            _ => throw new InvalidOperationException($"{failure.Cause} is not a known cause."),
        };

    private static string ForCertificate(SignInServer server)
    {
        if (server.PinSetting is null)
        {
            return $"Check {server.Setting}. If it is right, a proxy or another server answers in its place.";
        }

        return server.Pin is null
            ? "Compare it with the certificate shown on the server's console. "
                + $"If they are the same, pin its SHA-256 in {server.PinSetting}."
            : "If it was replaced, compare it with the certificate shown on the server's console, "
                + $"and set {server.PinSetting}. If it was not, another server answers in its place.";
    }
}
