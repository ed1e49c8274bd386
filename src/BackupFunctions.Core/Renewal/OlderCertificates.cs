using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Lets two versions of a certificate overlap. Key Vault creates a new one by itself some time before anyone registers
/// it at the vendor, and until then only the older one works.
/// </summary>
internal sealed class OlderCertificates(ICredentialSource credentials, ILogger<OlderCertificates> logger)
{
    /// <summary>
    /// The older version that the last sign-in used, as long as the newest is still the one that was refused; otherwise
    /// null.
    /// </summary>
    public async Task<Credential?> FindInUseAsync(Connection connection, LedgerEntry record) =>
        record is { LastFailure: null, RefusedCredentialVersion: { } refused }
            ? await FindAsync(connection, refused)
            : null;

    /// <summary>
    /// The version before the refused one, if that is the newest and the older is still valid; otherwise null.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="refused">The credential versions that were refused.</param>
    public async Task<Credential?> FindAsync(Connection connection, string refused)
    {
        // A certificate inside a secret that defines a connection has no older versions of its own.
        if (connection.Credential is not { IsCertificate: true, Member: null } name)
        {
            return null;
        }

        try
        {
            var newest = await credentials.FindAsync(name, newest: true, CancellationToken.None);
            return newest is not null && CredentialVersions.Join(name, newest) == refused
                ? await credentials.FindOlderCertificateAsync(name, newest, CancellationToken.None)
                : null;
        }
        catch (TokenException exception)
        {
            RenewalLog.VaultReadFailed(logger, connection.Key, exception.Failure);
            return null;
        }
    }
}
