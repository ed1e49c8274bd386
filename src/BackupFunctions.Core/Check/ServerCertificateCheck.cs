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
        if (result.Certificate is not { } certificate)
        {
            return new Finding(ServerPlain, server.Subject, "Plain HTTP at a loopback address.");
        }

        if (!result.IsNotTrusted)
        {
            return Judge(server, certificate);
        }

        return server.Pin is null ? NotTrusted(server, certificate) : NotPinned(server, certificate, server.Pin);
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

    private Finding NotTrusted(SignInServer server, ServerCertificate certificate)
    {
        var remedy = server.PinSetting is null
            ? $"Check {server.Setting}. If it is right, a proxy or another server answers in its place."
            : "Compare it with the certificate shown on the server's console. "
                + $"If they are the same, pin its SHA-256 in {server.PinSetting}.";
        return new Finding(
            CertificateNotTrusted,
            server.Subject,
            $"The certificate of {server.Name} (subject {certificate.Subject}, issuer {certificate.Issuer}) "
                + $"{WhyNotTrusted(certificate)}.",
            remedy,
            server.PinLine(certificate.Sha256)
        );
    }

    private string WhyNotTrusted(ServerCertificate certificate)
    {
        var now = time.GetUtcNow();
        return certificate switch
        {
            _ when certificate.NotAfter <= now => $"expired on {certificate.NotAfter:yyyy-MM-dd}",
            _ when certificate.NotBefore > now => $"is not valid before {certificate.NotBefore:yyyy-MM-dd}",
            { IsForAnotherName: true } => "is for another name",
            { IsOfUnknownIssuer: true } => "is signed by an authority that this host does not trust",
            _ => "is not trusted",
        };
    }

    private static Finding NotPinned(SignInServer server, ServerCertificate certificate, string pin) =>
        new(
            CertificateNotPinned,
            server.Subject,
            $"The certificate of {server.Name} (subject {certificate.Subject}, SHA-256 {certificate.Sha256[..16]}…) "
                + $"does not match the pin ({pin[..16]}…).",
            "If it was replaced, compare it with the certificate shown on the server's console, "
                + $"and set {server.PinSetting}. If it was not, another server answers in its place.",
            server.PinLine(certificate.Sha256)
        );
}
