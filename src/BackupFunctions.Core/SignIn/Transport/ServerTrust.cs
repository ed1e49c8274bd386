using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace BackupFunctions.SignIn.Transport;

/// <summary>Decides whether a server is who it should be, and says why not.</summary>
internal static class ServerTrust
{
    /// <summary>Trusts what the system trusts; with a pin only the pinned certificate, trusted or not.</summary>
    /// <param name="pin">The SHA-256 of the certificate, 64 upper-case hex digits; null for none.</param>
    /// <param name="shown">Is told of each certificate that a server shows, trusted or not; null for nobody.</param>
    /// <exception cref="CertificateRefusedException">Thrown by the callback; it names the certificate.</exception>
    public static RemoteCertificateValidationCallback Validation(
        string? pin = null,
        Action<ServerCertificate>? shown = null
    )
    {
        var expected = pin is null ? null : Convert.FromHexString(pin);
        return (_, certificate, chain, errors) =>
        {
            if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            {
                return false;
            }

            var isTrusted = expected is null
                ? errors == SslPolicyErrors.None
                : CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), expected);
            if (isTrusted && shown is null)
            {
                return true;
            }

            var described = ServerCertificate.Of(certificate, chain, errors);
            shown?.Invoke(described);
            return isTrusted ? true : throw new CertificateRefusedException(described, pin);
        };
    }
}

/// <summary>This host does not trust the certificate that a server presented.</summary>
internal sealed class CertificateRefusedException(ServerCertificate certificate, string? pin)
    : AuthenticationException("The server's certificate is not trusted.")
{
    /// <summary>The certificate.</summary>
    public ServerCertificate Certificate { get; } = certificate;

    /// <summary>The SHA-256 that it had to have; null if the system had to trust it.</summary>
    public string? Pin { get; } = pin;
}
