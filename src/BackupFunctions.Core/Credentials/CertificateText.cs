using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Credentials;

/// <summary>
/// Reads a certificate with its private key from what a vault holds: PKCS #12 in base64, or PEM (RFC 7468) with its
/// blocks in any order. Only the certificate that the key belongs to is used; the rest of its chain is not needed.
/// </summary>
internal static class CertificateText
{
    /// <summary>
    /// <c>ERROR_INVALID_PASSWORD</c>, which the platform reports for a PKCS #12 with a password.
    /// </summary>
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <summary>RFC 8017, appendix A.1: <c>rsaEncryption</c>.</summary>
    private const string RsaKey = "1.2.840.113549.1.1.1";

    /// <summary>Reads a certificate.</summary>
    /// <param name="text">The secret's text.</param>
    /// <param name="now">The present instant: of several certificates with a key, a valid one is preferred.</param>
    /// <param name="finding">What is wrong, as the rest of a sentence about the certificate.</param>
    /// <returns>Null if there is no certificate with its private key.</returns>
    public static X509Certificate2? Read(string text, DateTimeOffset now, out string finding)
    {
        var clean = Invisible.Remove(text);
        var found = clean.Contains("-----BEGIN", StringComparison.Ordinal)
            ? PemBlocks.Read(clean).WithKey(out finding)
            : ReadPkcs12(clean, out finding);
        return Choose(found, now);
    }

    private static List<X509Certificate2> ReadPkcs12(string text, out string finding)
    {
        finding = "is neither PKCS #12 (base64, without a password) nor PEM with its private key";
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return [];
        }

        if (bytes.Length == 0)
        {
            finding = "is empty";
            return [];
        }

        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(
                bytes,
                password: null,
                X509KeyStorageFlags.EphemeralKeySet
            );
            finding = all.Count == 0 ? "is PKCS #12 without a certificate" : "has no private key";
            return WithKey(all);
        }
        catch (CryptographicException exception)
        {
            if (exception.HResult == WrongPassword)
            {
                finding = "is PKCS #12 with a password, which this app does not know";
            }
            else if (IsCertificate(bytes))
            {
                finding = "has no private key";
            }

            return [];
        }
    }

    private static bool IsCertificate(byte[] bytes)
    {
        try
        {
            X509CertificateLoader.LoadCertificate(bytes).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static List<X509Certificate2> WithKey(X509Certificate2Collection all)
    {
        var found = new List<X509Certificate2>();
        foreach (var certificate in all)
        {
            if (certificate.HasPrivateKey)
            {
                found.Add(certificate);
            }
            else
            {
                certificate.Dispose();
            }
        }

        return found;
    }

    /// <summary>The one that can sign, is valid now, and lasts longest.</summary>
    private static X509Certificate2? Choose(List<X509Certificate2> found, DateTimeOffset now)
    {
        var chosen = found
            .OrderByDescending(certificate => certificate.GetKeyAlgorithm() == RsaKey)
            .ThenByDescending(certificate =>
                certificate.NotBefore <= now.LocalDateTime && now.LocalDateTime < certificate.NotAfter
            )
            .ThenByDescending(certificate => certificate.NotAfter)
            .FirstOrDefault();
        foreach (var other in found.Where(certificate => certificate != chosen))
        {
            other.Dispose();
        }

        return chosen;
    }
}
