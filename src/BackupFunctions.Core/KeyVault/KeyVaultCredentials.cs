using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Reads credentials from the credential vault: cached for five minutes, asked anew where a vendor refused them, and the last
/// known ones while the vault is down.
/// </summary>
internal sealed class KeyVaultCredentials(SecretClient vault, TimeProvider time)
    : ICredentialSource,
        IConnectionListener
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<CredentialName, Known> _known = new();

    public async ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = _known.GetValueOrDefault(name);
        if (known is not null && !newest && now - known.ReadAt < FreshFor && !(known.Credential?.ExpiresAt <= now))
        {
            return known.Credential;
        }

        try
        {
            var credential = await ReadAsync(name, known?.Credential, now, cancellationToken);
            _known[name] = new Known(credential, now);
            return credential;
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            var failure = VaultErrors.Read(exception, vault.VaultUri);
            return known is not null && !newest && failure.Failure.Kind == FailureKind.VaultUnavailable
                ? known.Credential
                : throw failure;
        }
    }

    public async ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (
                await ReadValidCertificateAsync(name, except: refused.Version, time.GetUtcNow(), cancellationToken)
            ).Certificate;
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A connection that replaces it has credential names of its own, because they carry its definition.</remarks>
    public void Removed(Connection connection, bool isReplaced)
    {
        foreach (var name in connection.Credentials)
        {
            _known.TryRemove(name, out _);
        }
    }

    private async Task<Credential?> ReadAsync(
        CredentialName name,
        Credential? known,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        try
        {
            KeyVaultSecret secret = await vault.GetSecretAsync(name.Name, cancellationToken: cancellationToken);
            if (name.Member is not null)
            {
                return MemberCredential.Read(name, secret, now);
            }

            if (!name.IsCertificate)
            {
                return VaultCredential.OfSecret(secret, now);
            }

            // A certificate that is known already is not unpacked again: it takes long, and leaves native keys behind.
            if (VaultCredential.IsStill(known, secret, now))
            {
                return known;
            }

            if (VaultCredential.TryCertificate(secret, now, out _) is { } certificate)
            {
                return certificate;
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return name is { IsOptional: true, Member: null }
                ? null
                : throw new TokenException(
                    FailureKind.CredentialMissing,
                    $"The vault {vault.VaultUri.Host} has no {Kind(name)} named {name.Name}. Save it there under this name."
                );
        }
        catch (RequestFailedException exception) when (VaultErrors.IsDisabled(exception))
        {
            if (!name.IsCertificate || name.Member is not null)
            {
                throw new TokenException(
                    FailureKind.CredentialMissing,
                    $"The secret {name.Name} is disabled in the vault. Enable it, or save a new version."
                );
            }
        }

        return await ReadOlderCertificateAsync(name, now, cancellationToken);
    }

    /// <summary>The newest version is not usable now; two versions may overlap while a certificate is replaced.</summary>
    private async Task<Credential> ReadOlderCertificateAsync(
        CredentialName name,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (certificate, finding) = await ReadValidCertificateAsync(name, except: null, now, cancellationToken);
        return certificate
            ?? throw new TokenException(
                FailureKind.CredentialMissing,
                $"The certificate {name.Name} {finding}. Import a valid one with its exportable RSA private key, and register it at the vendor."
            );
    }

    /// <summary>The newest version that is enabled and valid now, or what is wrong with the last one that might have been.</summary>
    private async Task<(Credential? Certificate, string Finding)> ReadValidCertificateAsync(
        CredentialName name,
        string? except,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var versions = new List<SecretProperties>();
        await foreach (var version in vault.GetPropertiesOfSecretVersionsAsync(name.Name, cancellationToken))
        {
            if (
                version.Version != except
                && version.Enabled != false
                && !(version.ExpiresOn <= now)
                && !(version.NotBefore > now)
            )
            {
                versions.Add(version);
            }
        }

        var finding = "has no enabled version that is valid now";
        foreach (var version in versions.OrderByDescending(version => version.CreatedOn))
        {
            KeyVaultSecret secret = await vault.GetSecretAsync(
                name.Name,
                version.Version,
                cancellationToken: cancellationToken
            );
            if (VaultCredential.TryCertificate(secret, now, out var wrong) is { } certificate)
            {
                return (certificate, "");
            }

            finding = wrong;
        }

        return (null, finding);
    }

    private static string Kind(CredentialName name) =>
        name is { IsCertificate: true, Member: null } ? "certificate" : "secret";

    private sealed record Known(Credential? Credential, DateTimeOffset ReadAt);
}
