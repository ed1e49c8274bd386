using BackupFunctions.Tokens;

namespace BackupFunctions.Credentials;

/// <summary>
/// Where credentials are read. Caches them for a few minutes, and returns the last known while the vault is
/// unavailable.
/// </summary>
public interface ICredentialSource
{
    /// <summary>Reads a credential.</summary>
    /// <param name="name">Which one.</param>
    /// <param name="newest">Whether to ask the vault now, whatever is cached.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The credential; null only if it is absent and optional.</returns>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.CredentialMissing"/>, <see cref="FailureKind.VaultAccessDenied"/> or
    /// <see cref="FailureKind.VaultUnavailable"/>.
    /// </exception>
    ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the newest version of a certificate that is older than one which the vendor refuses, and valid now.
    /// </summary>
    /// <param name="name">Which certificate.</param>
    /// <param name="refused">
    /// The version that is refused, perhaps because it is not registered at the vendor yet.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="TokenException">The vault is unavailable.</exception>
    ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    );
}
