using System.Security.Cryptography.X509Certificates;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>Reads one version of a secret as a credential.</summary>
internal static class VaultCredential
{
    /// <summary>RFC 7518 section 3.3.</summary>
    private const int ShortestKey = 2048;

    /// <summary>
    /// Reads a secret. Line breaks and invisible characters at its ends, as files and clipboards have them, are not
    /// part of it.
    /// </summary>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.CredentialMissing"/>: it is empty, expired or not valid yet.
    /// </exception>
    public static Credential OfSecret(KeyVaultSecret secret, DateTimeOffset now) => OfSecret(secret, secret.Value, now);

    /// <summary>The same for a part of a secret.</summary>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.CredentialMissing"/>: it is empty, expired or not valid yet.
    /// </exception>
    public static Credential OfSecret(KeyVaultSecret secret, string? part, DateTimeOffset now)
    {
        var value = Invisible.Trim(part ?? "");
        return WhatIsWrongWith(value, secret.Properties, now) is not { } finding
            ? new Credential(secret.Properties.Version ?? "", new SecretText(value), secret.Properties.ExpiresOn)
            : throw new TokenException(
                FailureKind.CredentialMissing,
                $"The secret {secret.Name} {finding}.",
                "Save a new version in the vault."
            );
    }

    /// <summary>Whether a known certificate is still this secret's, and still valid.</summary>
    public static bool IsStill(Credential? known, KeyVaultSecret secret, DateTimeOffset now) =>
        known is { Certificate: not null }
        && known.Version == secret.Properties.Version
        && known.Secret.Reveal() == secret.Value
        && known.ExpiresAt > now
        && secret.Properties.Enabled != false
        && (secret.Properties.ExpiresOn is null || secret.Properties.ExpiresOn > now)
        && (secret.Properties.NotBefore is null || secret.Properties.NotBefore <= now);

    /// <summary>A certificate with its private key, as <see cref="CertificateText"/> reads it.</summary>
    /// <param name="secret">The secret behind the certificate.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="finding">What is wrong with it, as the rest of a sentence.</param>
    /// <returns>Null if it is not usable now.</returns>
    public static Credential? TryCertificate(KeyVaultSecret secret, DateTimeOffset now, out string finding) =>
        TryCertificate(secret, secret.Value ?? "", now, out finding);

    /// <summary>The same for a part of a secret.</summary>
    public static Credential? TryCertificate(KeyVaultSecret secret, string part, DateTimeOffset now, out string finding)
    {
        if (CertificateText.Read(part, now, out finding) is not { } certificate)
        {
            return null;
        }

        if (WhatIsWrongWith(certificate, secret.Properties, now) is { } wrong)
        {
            finding = wrong;
            certificate.Dispose();
            return null;
        }

        return new Credential(secret.Properties.Version ?? "", new SecretText(part), new(certificate.NotAfter))
        {
            Certificate = certificate,
        };
    }

    private static string? WhatIsWrongWith(string value, SecretProperties secret, DateTimeOffset now) =>
        value.Length == 0 ? "is empty" : OutOfTime(secret.NotBefore, secret.ExpiresOn, now);

    private static string? WhatIsWrongWith(X509Certificate2 certificate, SecretProperties secret, DateTimeOffset now)
    {
        using var key = certificate.GetRSAPrivateKey();
        if (key is null)
        {
            return certificate.HasPrivateKey
                ? "has a private key that is not an RSA one, which RS256 needs"
                : "has no RSA private key";
        }

        if (key.KeySize < ShortestKey)
        {
            return $"has an RSA key of {key.KeySize} bits, where RS256 needs {ShortestKey}";
        }

        if (secret.Enabled == false)
        {
            return "is disabled";
        }

        if (OutOfTime(new(certificate.NotBefore), new(certificate.NotAfter), now) is { } wrong)
        {
            return wrong;
        }

        return OutOfTime(secret.NotBefore, secret.ExpiresOn, now) is { } late
            ? $"comes in a version of the secret that {late}"
            : null;
    }

    private static string? OutOfTime(DateTimeOffset? notBefore, DateTimeOffset? notAfter, DateTimeOffset now)
    {
        if (notAfter <= now)
        {
            return $"expired at {notAfter:u}";
        }

        return notBefore > now ? $"is not valid before {notBefore:u}" : null;
    }
}
