using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Credentials;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>Reads a credential from the secret that defines its connection. Its version is that secret's.</summary>
internal static class MemberCredential
{
    /// <summary>
    /// How long to wait if the secret has changed its connection's settings; the next reading loads them.
    /// </summary>
    private static readonly TimeSpan UntilRead = TimeSpan.FromSeconds(30);

    /// <summary>Reads the credential.</summary>
    /// <returns>Null if it is absent and optional.</returns>
    /// <exception cref="TokenException">
    /// It cannot be used, or is meant for other settings than the connection has.
    /// </exception>
    public static Credential? Read(CredentialName name, KeyVaultSecret secret, DateTimeOffset now)
    {
        var document = string.Equals(
            secret.Properties.ContentType,
            ConnectionDocument.ContentType,
            StringComparison.OrdinalIgnoreCase
        )
            ? ConnectionDocument.Parse(secret.Value ?? "", [])
            : null;
        if (document is null)
        {
            throw new TokenException(
                FailureKind.CredentialMissing,
                $"The secret {name.Name} no longer defines a connection.",
                "Save a new version that does."
            );
        }

        if (document.Definition != name.Definition)
        {
            // A new credential may be meant for a new server: it is not sent to the old one.
            throw new TokenException(
                new TokenFailure(
                    FailureKind.BackingOff,
                    $"The secret {name.Name} has new settings, which are read within minutes."
                )
                {
                    RetryAfter = UntilRead,
                    WasNotTried = true,
                }
            );
        }

        if (!document.Credential.TryGetValue(name.Member!, out var part))
        {
            return name.IsOptional
                ? null
                : throw new TokenException(
                    FailureKind.CredentialMissing,
                    $"The secret {name.Name} has no credential.{name.Member}.",
                    "Save a new version that has it."
                );
        }

        if (!name.IsCertificate)
        {
            return VaultCredential.OfSecret(secret, part, now);
        }

        return VaultCredential.TryCertificate(secret, part, now, out var finding)
            ?? throw new TokenException(
                FailureKind.CredentialMissing,
                $"The certificate in the secret {name.Name} {finding}.",
                "Save a new version with a valid one, and register that at the vendor."
            );
    }
}
