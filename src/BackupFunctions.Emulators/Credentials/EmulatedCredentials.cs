using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OtpNet;

namespace BackupFunctions.Emulators;

/// <summary>
/// The credentials that the vendors accept. Ids and the user name are fixed, so that a client's settings survive a
/// restart; secrets are new each time, so that none is in the source. Override any with <c>with { … }</c>.
/// </summary>
public sealed record EmulatedCredentials
{
    private X509Certificate2? _avePointCertificate;

    private readonly int? _seed;

    private EmulatedCredentials(TimeProvider time, int? seed) => (Time, _seed) = (time, seed);

    /// <summary>Acronis Cyber Protect Cloud.</summary>
    public string AcronisClientId { get; init; } = "c7a9fd6d-38f0-4c0c-9d4d-0a7d1a4f6b51";

    public required string AcronisClientSecret { get; init; }

    /// <summary>Acronis CyberApp.</summary>
    public string AcronisCyberAppClientId { get; init; } = "f2b6a3c4-5e17-4a60-8f0e-6f1a9c3e2d77";

    public required string AcronisCyberAppClientSecret { get; init; }

    /// <summary>AvePoint.</summary>
    public string AvePointClientId { get; init; } = "1d0e8b7a-94c2-4f3d-b6a5-20c9e7f84d13";

    /// <summary>With its private key: RSA of 2048 bits, self-signed, valid for a year. Made on first use.</summary>
    public X509Certificate2 AvePointCertificate
    {
        get =>
            LazyInitializer.EnsureInitialized(ref _avePointCertificate, () =>
                NewCertificate(Time, "CN=BackupFunctions AvePoint")
            );
        init => _avePointCertificate = value;
    }

    /// <summary>Null while the client signs its requests.</summary>
    public string? AvePointClientSecret { get; init; }

    /// <summary>backup.net.</summary>
    public string BackupNetClientId { get; init; } = "msp-portal-client";

    public required string BackupNetClientSecret { get; init; }

    /// <summary>Veeam.</summary>
    public string VeeamUsername { get; init; } = "backup-tokens";

    public required string VeeamPassword { get; init; }

    /// <summary>Base32 without padding, as the appliance shows it for authenticator apps.</summary>
    public required string VeeamTotpSecret { get; init; }

    /// <summary>The secrets of the vendors that have no property above, by vendor; made on first use.</summary>
    private ConcurrentDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    private TimeProvider Time { get; }

    /// <summary>The secret that a vendor accepts, the same at every call.</summary>
    public string SecretOf(string vendor) => Secrets.GetOrAdd(vendor, name => new Randomness(_seed, name).Text(24));

    /// <summary>New credentials.</summary>
    /// <param name="time">The certificate is valid from the day before.</param>
    /// <param name="seed">Replays the secrets, though not the certificate; null makes them unguessable.</param>
    public static EmulatedCredentials Generate(TimeProvider time, int? seed = null)
    {
        var randomness = new Randomness(seed, "credentials");
        return new EmulatedCredentials(time, seed)
        {
            AcronisClientSecret = randomness.Hex(24),
            AcronisCyberAppClientSecret = randomness.Hex(24),
            BackupNetClientSecret = randomness.Text(24),
            VeeamPassword = randomness.Text(18),
            VeeamTotpSecret = Base32Encoding.ToString(randomness.Bytes(16)).TrimEnd('='),
        };
    }

    /// <summary>A self-signed certificate to sign assertions with, for example the next one in a rotation.</summary>
    public static X509Certificate2 NewCertificate(TimeProvider time, string subject, TimeSpan? validFor = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now + (validFor ?? TimeSpan.FromDays(365)));
    }

    /// <summary>A certificate as the value of its Key Vault secret: PKCS #12 without a password, in base64.</summary>
    public static EmulatedSecret CertificateSecret(string name, X509Certificate2 certificate) =>
        new(name, Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12)), "application/x-pkcs12")
        {
            NotBefore = new DateTimeOffset(certificate.NotBefore),
            ExpiresOn = new DateTimeOffset(certificate.NotAfter),
        };

    /// <summary>
    /// The secrets that a vault must hold for the <c>default</c> connections, under their default names.
    /// </summary>
    public IReadOnlyList<EmulatedSecret> VaultSecrets() =>
        [
            new("acronis-default-client-secret", AcronisClientSecret, "text/plain"),
            new("acronis-cyberapp-default-client-secret", AcronisCyberAppClientSecret, "text/plain"),
            CertificateSecret("avepoint-default", AvePointCertificate),
            new("backupnet-default-client-secret", BackupNetClientSecret, "text/plain"),
            new("veeam-default-password", VeeamPassword, "text/plain"),
            new("veeam-default-totp-secret", VeeamTotpSecret, "text/plain"),
        ];

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
