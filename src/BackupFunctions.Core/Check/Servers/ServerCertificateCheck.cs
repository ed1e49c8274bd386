using BackupFunctions.Sweeps;

namespace BackupFunctions.Check.Servers;

/// <summary>The certificate that a sign-in server shows.</summary>
internal sealed class ServerCertificateCheck(TimeProvider time)
{
    /// <summary>Public authorities' certificates are renewed by programs, often with few weeks left: only the last days tell of a failure.</summary>
    private static readonly TimeSpan NoticeOfPublic = TimeSpan.FromDays(7);

    /// <summary>Judges it.</summary>
    /// <param name="place">Whose it is.</param>
    /// <param name="answer">What the server answered: a reply, or a certificate that was refused.</param>
    public Finding Find(ServerDescription place, ServerAnswer answer)
    {
        if (answer.Certificate is not { } certificate)
        {
            return new Finding(FindingType.ServerPlain, place.Subject, "Plain http, at a loopback address.");
        }

        var pin = place.Server.Pin;
        return answer.Outcome == ServerOutcome.NotTrusted
            ? pin is null
                ? NotTrusted(place, certificate)
                : NotPinned(place, certificate, pin)
            : Judge(place, certificate, pin is not null);
    }

    private Finding Judge(ServerDescription place, ServerCertificate certificate, bool isPinned)
    {
        var left = certificate.NotAfter - time.GetUtcNow();
        if (left > (isPinned ? CredentialExpiry.Notice : NoticeOfPublic))
        {
            return new Finding(
                FindingType.CertificateGood,
                place.Subject,
                $"Its certificate is {(isPinned ? "the pinned one, " : "")}for {certificate.Subject} by {certificate.Issuer}, until {certificate.NotAfter:yyyy-MM-dd}."
            );
        }

        return new Finding(
            FindingType.CertificateExpiring,
            place.Subject,
            $"Its certificate for {certificate.Subject} {(left > TimeSpan.Zero ? "expires" : "expired")} on {certificate.NotAfter:yyyy-MM-dd HH:mm} UTC.",
            new(
                isPinned
                    ? $"When the next one is installed, set {place.PinSetting} to its SHA-256 at the same time."
                    : "Tell whoever runs the server."
            )
        );
    }

    private Finding NotTrusted(ServerDescription place, ServerCertificate certificate)
    {
        var now = time.GetUtcNow();
        var why =
            certificate.NotAfter <= now ? $"expired on {certificate.NotAfter:yyyy-MM-dd}"
            : certificate.NotBefore > now ? $"is not valid before {certificate.NotBefore:yyyy-MM-dd}"
            : certificate.IsForAnotherName ? "is for another name"
            : certificate.IsOfUnknownIssuer ? "is signed by nobody that this host trusts"
            : "is not trusted";
        return new Finding(
            FindingType.CertificateNotTrusted,
            place.Subject,
            $"The certificate of {place.Name} (for {certificate.Subject}, issued by {certificate.Issuer}) {why}.",
            place.PinSetting is { } setting
                ? new(
                    $"Compare it with the one that the server's own console shows. If it is the same, pin its SHA-256 in {setting}.",
                    place.PinLine(certificate.Sha256)
                )
                : new($"Check {place.Setting}. If it is right, a proxy or somebody else answers in the server's place.")
        );
    }

    private static Finding NotPinned(ServerDescription place, ServerCertificate certificate, string pin) =>
        new(
            FindingType.CertificateNotPinned,
            place.Subject,
            $"{place.Name} shows another certificate (for {certificate.Subject}, SHA-256 {certificate.Sha256[..16]}…) than the pinned one ({pin[..16]}…).",
            new(
                $"If it was replaced, compare it with the one that the server's own console shows, and set {place.PinSetting}. If nobody replaced it, somebody else answers in its place.",
                place.PinLine(certificate.Sha256)
            )
        );
}
