using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Tokens;

namespace BackupFunctions.Credentials;

/// <summary>One version of a credential as the vault holds it.</summary>
/// <param name="Version">The vault's name for this version.</param>
/// <param name="Secret">The secret; of a certificate, its PKCS #12 or PEM.</param>
/// <param name="ExpiresAt">When the vault or the certificate says that it ends; null if never.</param>
public sealed record Credential(string Version, SecretText Secret, DateTimeOffset? ExpiresAt)
{
    /// <summary>The certificate with its private key, where the credential is one.</summary>
    public X509Certificate2? Certificate { get; init; }
}
