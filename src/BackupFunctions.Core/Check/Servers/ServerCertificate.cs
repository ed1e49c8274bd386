using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Check.Servers;

/// <summary>A certificate that a server showed. Its names are a stranger's words: only what is printable is kept of them.</summary>
/// <param name="Subject">Whom it names.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Sha256">Its SHA-256, 64 upper-case hex digits: what can be pinned.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="IsForAnotherName">Whether it is for another host than was asked.</param>
/// <param name="IsOfUnknownIssuer">Whether it does not chain to an authority that the system trusts.</param>
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

    /// <summary>Reads what is needed off a certificate that lives no longer than its connection.</summary>
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
        var printable = new string([
            .. (name ?? "")
                .Where(character =>
                    char.IsLetterOrDigit(character)
                    || character is ' ' or '.' or '-' or '*' or ',' or '\'' or '&' or '(' or ')' or '_'
                )
                .Take(LongestName),
        ]).Trim();
        return printable.Length == 0 ? "nobody" : printable;
    }
}
