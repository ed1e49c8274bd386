using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Lets two versions of a certificate overlap: Key Vault makes a new one by itself some time before anybody registers it at the
/// vendor, and until then the older one is the one that works.
/// </summary>
internal sealed class OlderCertificates(ICredentialSource credentials, ILogger logger)
{
    /// <summary>The older version that the last sign-in worked with, as long as the newest is still the one that was refused; null otherwise.</summary>
    public async Task<(CredentialName Name, Credential Version)?> FindInUseAsync(
        ConnectionState session,
        LedgerEntry entry
    ) =>
        entry is { LastFailure: null, RefusedCredentialVersion: { } refused }
            ? await FindAsync(session, refused)
            : null;

    /// <summary>The version of the connection's certificate before the refused one, if that is the newest and the older is still valid.</summary>
    /// <param name="session">Whose certificate.</param>
    /// <param name="refused">The credential versions that were refused.</param>
    public async Task<(CredentialName Name, Credential Version)?> FindAsync(ConnectionState session, string refused)
    {
        if (
            session.Connection.Credentials.FirstOrDefault(credential =>
                credential is { IsCertificate: true, Member: null }
            )
            is not { } name
        )
        {
            return null;
        }

        try
        {
            return
                await credentials.FindAsync(name, newest: true, CancellationToken.None) is { } newest
                && CredentialVersions.Join([new(CredentialVersions.KeyOf(name), newest.Version)]) == refused
                && await credentials.FindOlderCertificateAsync(name, newest, CancellationToken.None) is { } older
                ? (name, older)
                : null;
        }
        catch (TokenException exception)
        {
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            return null;
        }
    }
}
