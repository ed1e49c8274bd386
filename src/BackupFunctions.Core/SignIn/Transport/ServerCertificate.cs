using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.SignIn.Transport;

/// <summary>A certificate that a server presented. Its names are untrusted, so only harmless characters stay.</summary>
/// <param name="Subject">The subject's common name.</param>
/// <param name="Issuer">The issuer's common name.</param>
/// <param name="Sha256">The SHA-256 fingerprint that can be pinned: 64 upper-case hex digits.</param>
/// <param name="NotBefore">The start of its validity.</param>
/// <param name="NotAfter">The end of its validity.</param>
internal sealed record ServerCertificate(
    string Subject,
    string Issuer,
    string Sha256,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter
)
{
    private const int LongestName = 80;

    private const X509ChainStatusFlags UnknownIssuer =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>Whether it was issued for another host.</summary>
    public bool IsForAnotherName { get; init; }

    /// <summary>Whether it does not chain to a trusted authority.</summary>
    public bool IsOfUnknownIssuer { get; init; }

    /// <summary>
    /// When it was found that it, or one that it was issued with, is out of its time; null if none is.
    /// </summary>
    public DateTimeOffset? OutOfTimeAt { get; init; }

    /// <summary>Copies what is needed, because the certificate is disposed with its connection.</summary>
    public static ServerCertificate Of(X509Certificate shown, X509Chain? chain, SslPolicyErrors errors)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        var status = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status)
            : X509ChainStatusFlags.NoError;
        return new ServerCertificate(
            Harmless(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)),
            Harmless(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
            Convert.ToHexString(SHA256.HashData(certificate.RawDataMemory.Span)),
            new DateTimeOffset(certificate.NotBefore),
            new DateTimeOffset(certificate.NotAfter)
        )
        {
            IsForAnotherName = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            IsOfUnknownIssuer = (status & UnknownIssuer) != X509ChainStatusFlags.NoError,
            OutOfTimeAt = status.HasFlag(X509ChainStatusFlags.NotTimeValid)
                ? new DateTimeOffset(chain!.ChainPolicy.VerificationTime)
                : null,
        };
    }

    /// <summary>Why a host refuses it, as a whole sentence.</summary>
    /// <param name="server">The server that presented it.</param>
    /// <param name="pin">The SHA-256 that it had to have; null if the system had to trust it.</param>
    public string Refusal(string server, string? pin) =>
        pin is null
            ? $"The certificate of {server} (subject {Subject}, issuer {Issuer}) {string.Join(" and ", Faults())}."
            : $"The certificate of {server} (subject {Subject}, SHA-256 {Sha256[..16]}…) does not match the pin "
                + $"({pin[..16]}…).";

    private IEnumerable<string> Faults()
    {
        string?[] faults =
        [
            OutOfTimeAt is { } now ? OutOfTime(now) : null,
            IsForAnotherName ? "is for another name" : null,
            IsOfUnknownIssuer ? "is signed by an authority that this host does not trust" : null,
        ];
        return faults.OfType<string>().DefaultIfEmpty("is not trusted");
    }

    private string OutOfTime(DateTimeOffset now)
    {
        if (NotAfter <= now)
        {
            return $"expired on {NotAfter:yyyy-MM-dd}";
        }

        return NotBefore > now
            ? $"is not valid before {NotBefore:yyyy-MM-dd}"
            : "comes with an authority's certificate that has expired";
    }

    private static string Harmless(string? name)
    {
        var harmless = (name ?? "").Where(character =>
            char.IsLetterOrDigit(character) || " .-*,'&()_".Contains(character, StringComparison.Ordinal)
        );
        var shown = string.Concat(harmless.Take(LongestName)).Trim();
        return shown.Length == 0 ? "unnamed" : shown;
    }
}
