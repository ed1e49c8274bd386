using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Testing;

namespace BackupFunctions.Simulation;

/// <summary>Certificates to sign assertions with. All seeds share them, because their keys take long to make.</summary>
internal static class Certificates
{
    private static readonly Lazy<(X509Certificate2 Certificate, string Pem)[]> All = new(() =>
        [.. Enumerable.Range(0, 3).Select(static _ => Create())]
    );

    public static X509Certificate2 At(int index) => All.Value[index % All.Value.Length].Certificate;

    /// <summary>As the vault serves it; PEM is read faster than PKCS #12.</summary>
    public static string PemAt(int index) => All.Value[index % All.Value.Length].Pem;

    private static (X509Certificate2 Certificate, string Pem) Create()
    {
        var certificate = TestCertificates.Rsa(until: World.Start.AddYears(10), key: RSA.Create(2048));
        return (certificate, TestCertificates.Pem(certificate));
    }
}
