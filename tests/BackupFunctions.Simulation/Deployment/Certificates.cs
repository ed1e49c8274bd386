using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Emulators;

namespace BackupFunctions.Simulation;

/// <summary>Certificates to sign assertions with. Their keys take long to make, so that all seeds share them.</summary>
internal static class Certificates
{
    private static readonly Lazy<(X509Certificate2 Certificate, string Pem)[]> All = new(() =>
        [.. Enumerable.Range(0, 3).Select(static _ => Create())]
    );

    public static X509Certificate2 At(int index) => All.Value[index % All.Value.Length].Certificate;

    /// <summary>As the vault gives it out; PEM is read faster than PKCS #12.</summary>
    public static string PemAt(int index) => All.Value[index % All.Value.Length].Pem;

    private static (X509Certificate2 Certificate, string Pem) Create()
    {
        var certificate = EmulatedCredentials.NewCertificate(
            new Before(),
            "CN=BackupFunctions simulation",
            TimeSpan.FromDays(3650)
        );
        using var key = certificate.GetRSAPrivateKey()!;
        return (certificate, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    private sealed class Before : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => World.Start;
    }
}
