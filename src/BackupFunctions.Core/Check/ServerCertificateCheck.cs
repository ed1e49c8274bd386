using BackupFunctions.Connections;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Sweeps;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Checks the certificate that a sign-in server presents.</summary>
internal sealed class ServerCertificateCheck(TimeProvider time)
{
    /// <summary>Public certificates are renewed automatically, often late: only the last days are a warning.</summary>
    private static readonly TimeSpan NoticeOfPublic = TimeSpan.FromDays(7);

    /// <summary>The finding about a server's certificate.</summary>
    /// <param name="server">The server.</param>
    /// <param name="result">Its response, or the certificate that this host refused.</param>
    public Finding Find(SignInServer server, ServerProbeResult result)
    {
        if (result.Failure is { Certificate: { } refused } failure)
        {
            return new Finding(
                server.Pin is null ? CertificateNotTrusted : CertificateNotPinned,
                server.Subject,
                failure.Problem,
                NetworkRemedy.For(failure, server),
                server.PinLine(refused.Sha256)
            );
        }

        return result.Certificate is { } certificate
            ? Judge(server, certificate)
            : new Finding(ServerPlain, server.Subject, "Plain HTTP at a loopback address.");
    }

    private Finding Judge(SignInServer server, ServerCertificate certificate)
    {
        var isPinned = server.Pin is not null;
        var left = certificate.NotAfter - time.GetUtcNow();
        if (left > (isPinned ? CredentialExpiry.Notice : NoticeOfPublic))
        {
            return new Finding(
                CertificateGood,
                server.Subject,
                $"The certificate {(isPinned ? "matches the pin" : "is trusted")} (subject {certificate.Subject}, "
                    + $"issuer {certificate.Issuer}); it expires on {certificate.NotAfter:yyyy-MM-dd}."
            );
        }

        return new Finding(
            CertificateExpiring,
            server.Subject,
            $"The certificate (subject {certificate.Subject}) {(left > TimeSpan.Zero ? "expires" : "expired")} on "
                + $"{certificate.NotAfter:yyyy-MM-dd HH:mm} UTC.",
            isPinned
                ? $"When the next one is installed, set {server.PinSetting} to its SHA-256 at the same time."
                : "Tell the server's operator."
        );
    }
}
