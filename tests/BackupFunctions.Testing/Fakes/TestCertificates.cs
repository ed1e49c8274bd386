using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BackupFunctions.Testing;

/// <summary>Self-signed certificates with their keys.</summary>
public static class TestCertificates
{
    // Keys take long to make, and certificates differ by their serial numbers.
    private static readonly Lazy<RSA> SharedKey = new(() => RSA.Create(2048));

    public static X509Certificate2 Rsa(DateTimeOffset? from = null, DateTimeOffset? until = null, RSA? key = null)
    {
        var request = new CertificateRequest(
            "CN=localhost",
            key ?? SharedKey.Value,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return Signed(request, from, until);
    }

    public static X509Certificate2 Ec()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Signed(new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256), null, null);
    }

    /// <summary>As Key Vault serves it: PKCS #12 in base64, without a password.</summary>
    public static string Pkcs12(X509Certificate2 certificate) =>
        SuiteLog.Guard(Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12)));

    /// <summary>As Key Vault serves it: the key, then the certificate.</summary>
    public static string Pem(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = certificate.GetRSAPrivateKey()
            ?? (AsymmetricAlgorithm)certificate.GetECDsaPrivateKey()!;
        return SuiteLog.Guard($"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
    }

    private static X509Certificate2 Signed(CertificateRequest request, DateTimeOffset? from, DateTimeOffset? until)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(from ?? TestTime.Noon.AddDays(-30), until ?? TestTime.Noon.AddYears(1));
    }
}
