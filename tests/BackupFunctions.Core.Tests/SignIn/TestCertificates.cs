using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>Self-signed certificates with their keys.</summary>
internal static class TestCertificates
{
    // Keys take long to make, and certificates differ by their serial numbers.
    private static readonly Lazy<RSA> Key = new(() => RSA.Create(2048));

    public static X509Certificate2 Rsa(DateTimeOffset? from = null, DateTimeOffset? until = null, int bits = 2048)
    {
        var key = bits == 2048 ? Key.Value : RSA.Create(bits);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Signed(request, from, until);
    }

    public static X509Certificate2 Ec()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Signed(new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256), null, null);
    }

    private static X509Certificate2 Signed(CertificateRequest request, DateTimeOffset? from, DateTimeOffset? until)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(from ?? TestTime.Noon.AddDays(-30), until ?? TestTime.Noon.AddYears(1));
    }
}
