using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>A root, an intermediate, two leaves of it and an expired one, with what a PEM has of each.</summary>
internal sealed class CertificateChain
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _otherKey = RSA.Create(2048);
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public CertificateChain()
    {
        RootOnly = Issue("root", new PublicKey(_rootKey), _rootKey, issuer: null, days: 3650);
        IssuerOnly = Issue("intermediate", new PublicKey(_issuerKey), _rootKey, RootOnly, days: 1000);
        IssuerWithKey = IssuerOnly.CopyWithPrivateKey(_issuerKey);
        using var leaf = Issue("leaf", new PublicKey(_key), _issuerKey, IssuerOnly, days: 100);
        using var other = Issue("other", new PublicKey(_otherKey), _issuerKey, IssuerOnly, days: 200);
        using var expired = Issue("expired", new PublicKey(_key), _issuerKey, IssuerOnly, days: -1);
        LeafWithKey = leaf.CopyWithPrivateKey(_key);
        OtherWithKey = other.CopyWithPrivateKey(_otherKey);
        Expired = Block(expired.ExportCertificatePem());
    }

    public X509Certificate2 RootOnly { get; }

    public X509Certificate2 IssuerOnly { get; }

    public X509Certificate2 IssuerWithKey { get; }

    public X509Certificate2 LeafWithKey { get; }

    public X509Certificate2 OtherWithKey { get; }

    public string Root => Block(RootOnly.ExportCertificatePem());

    public string Issuer => Block(IssuerOnly.ExportCertificatePem());

    public string Leaf => Block(LeafWithKey.ExportCertificatePem());

    public string Other => Block(OtherWithKey.ExportCertificatePem());

    public string Expired { get; }

    public string Key => Block(_key.ExportPkcs8PrivateKeyPem());

    public string OtherKey => Block(_otherKey.ExportPkcs8PrivateKeyPem());

    public string Pkcs1Key => Block(_key.ExportRSAPrivateKeyPem());

    public string EcKey => Block(_issuerKey.ExportECPrivateKeyPem());

    public string EncryptedKey =>
        Block(
            _key.ExportEncryptedPkcs8PrivateKeyPem(
                "a password",
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
            )
        );

    /// <summary>In base64, without a password.</summary>
    public static string Pkcs12(params X509Certificate2[] certificates) =>
        Convert.ToBase64String(new X509Certificate2Collection(certificates).Export(X509ContentType.Pkcs12)!);

    /// <summary>Which of them a certificate is.</summary>
    public string NameOf(X509Certificate2 certificate) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RootOnly.Thumbprint] = "root",
            [IssuerOnly.Thumbprint] = "intermediate",
            [LeafWithKey.Thumbprint] = "leaf",
            [OtherWithKey.Thumbprint] = "other",
        }.GetValueOrDefault(certificate.Thumbprint, "unknown");

    private static string Block(string pem) => $"{pem}\n";

    private static X509Certificate2 Issue(string name, PublicKey key, ECDsa signer, X509Certificate2? issuer, int days)
    {
        var subject = new X500DistinguishedName($"CN={name}");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(!name.StartsWith('l') && !name.StartsWith('o'), false, 0, true)
        );
        return request.Create(
            issuer?.SubjectName ?? subject,
            X509SignatureGenerator.CreateForECDsa(signer),
            TestTime.Noon.AddDays(-30),
            TestTime.Noon.AddDays(days),
            [1, (byte)name.Length]
        );
    }
}
