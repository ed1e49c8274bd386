using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Reads credentials from the credential vault: cached for five minutes, read again when a vendor refused them, and
/// served from memory while the vault is unavailable.
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
        if (known is not null && !newest && known.IsFresh(now))
        {
            return known.Credential;
        }

        try
        {
            var credential = await ReadAsync(name, known?.Credential, now, cancellationToken);
            _known[name] = new Known(credential, now);
            return credential;
        }
        catch (TokenException exception)
            when (exception.Failure.Kind == FailureKind.VaultUnavailable && known is not null && !newest)
        {
            return known.Credential;
        }
    }

    public async ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var (certificate, _) = await ReadValidCertificateAsync(name, except: refused.Version, now, cancellationToken);
        return certificate;
    }

    /// <inheritdoc/>
    /// <remarks>A replacement has credential names of its own, because they carry its definition.</remarks>
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
        KeyVaultSecret secret;
        try
        {
            secret = await GetAsync(name.Name, version: null, VaultErrors.IsAbsent, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return name is { IsOptional: true, Member: null } ? null : throw Missing(name);
        }
        catch (RequestFailedException)
        {
            return name is { IsCertificate: true, Member: null }
                ? await ReadOlderCertificateAsync(name, now, cancellationToken)
                : throw Disabled(name);
        }

        if (name.Member is not null)
        {
            return MemberCredential.Read(name, secret, now);
        }

        if (!name.IsCertificate)
        {
            return VaultCredential.OfSecret(secret, now);
        }

        // A known certificate is not unpacked again: it takes long and leaves native keys behind.
        if (VaultCredential.IsStill(known, secret, now))
        {
            return known;
        }

        return VaultCredential.TryCertificate(secret, now, out _)
            ?? await ReadOlderCertificateAsync(name, now, cancellationToken);
    }

    private Task<KeyVaultSecret> GetAsync(
        string name,
        string? version,
        Func<RequestFailedException, bool>? isExpected,
        CancellationToken cancellationToken
    ) =>
        VaultCall.RunAsync(
            vault,
            async () => (await vault.GetSecretAsync(name, version, cancellationToken: cancellationToken)).Value,
            isExpected,
            cancellationToken
        );

    private TokenException Missing(CredentialName name) =>
        new(
            FailureKind.CredentialMissing,
            $"The vault {vault.VaultUri.Host} has no {Kind(name)} named {name.Name}.",
            "Save it there under this name."
        );

    private static TokenException Disabled(CredentialName name) =>
        new(
            FailureKind.CredentialMissing,
            $"The secret {name.Name} is disabled in the vault.",
            "Enable it, or save a new version."
        );

    /// <summary>
    /// For when the newest version is not usable: versions may overlap while a certificate is being replaced.
    /// </summary>
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
                $"The certificate {name.Name} {finding}.",
                "Import a valid one with its exportable RSA private key and no password, and register it at the vendor."
            );
    }

    /// <summary>The newest enabled and valid version, or what is wrong with the last one tried.</summary>
    private async Task<(Credential? Certificate, string Finding)> ReadValidCertificateAsync(
        CredentialName name,
        string? except,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var versions = await VaultCall.RunAsync(
            vault,
            () =>
                vault
                    .GetPropertiesOfSecretVersionsAsync(name.Name, cancellationToken)
                    .ToListAsync(cancellationToken)
                    .AsTask(),
            isExpected: null,
            cancellationToken
        );
        var valid = versions.Where(version =>
            version.Version != except
            && version.Enabled != false
            && (version.ExpiresOn is null || version.ExpiresOn > now)
            && (version.NotBefore is null || version.NotBefore <= now)
        );
        var finding = "has no enabled version that is valid now";
        foreach (var version in valid.OrderByDescending(version => version.CreatedOn))
        {
            var secret = await GetAsync(name.Name, version.Version, isExpected: null, cancellationToken);
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

    private sealed record Known(Credential? Credential, DateTimeOffset ReadAt)
    {
        public bool IsFresh(DateTimeOffset now) =>
            (now - ReadAt).Duration() < FreshFor && !(Credential?.ExpiresAt <= now);
    }
}
