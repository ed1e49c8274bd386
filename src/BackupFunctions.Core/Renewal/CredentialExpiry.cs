using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Warns of credentials and certificates in the last 30 days before they end, once a day for each: a secret that runs out at night
/// is the commonest reason for a backup that cannot sign in, and the easiest to mend in time.
/// </summary>
public sealed class CredentialExpiry(
    ICredentialSource credentials,
    ILedger ledger,
    TimeProvider time,
    ILogger<CredentialExpiry> logger
)
{
    private static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<ConnectionKey, DateTimeOffset> _checked = new();

    /// <summary>Looks at a connection's credentials, unless that was done within the last day. Does not throw for the vault's sake.</summary>
    /// <param name="connection">Whose credentials.</param>
    /// <param name="cancellationToken">Ends the wait for the vault.</param>
    public async Task CheckAsync(Connection connection, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_checked.TryGetValue(connection.Key, out var last) && now - last < WarnEvery)
        {
            return;
        }

        _checked[connection.Key] = now;
        DateTimeOffset? first = null;
        foreach (var name in connection.Credentials)
        {
            try
            {
                if (await credentials.FindAsync(name, newest: false, cancellationToken) is { ExpiresAt: { } expiresAt })
                {
                    first = first <= expiresAt ? first : expiresAt;
                    Warn(connection, name, expiresAt, now);
                }
            }
            catch (TokenException exception)
            {
                // Looked at again with the next renewal: the vault may have been down for a moment only.
                _checked.TryRemove(connection.Key, out _);
                TokenLog.VaultReadFailed(logger, connection.Key, exception.Failure.Kind, exception.Failure.Detail);
                return;
            }
        }

        await RecordAsync(connection.Key, first, cancellationToken);
    }

    /// <summary>
    /// Tells the other processes. A sign-in notes the same of the credentials that it uses; but a refresh token may do without them for
    /// months, and where an older certificate is in use, its end is the one that counts.
    /// </summary>
    private ValueTask RecordAsync(ConnectionKey key, DateTimeOffset? first, CancellationToken cancellationToken) =>
        ledger.UpdateAsync(
            key,
            entry =>
                entry.CredentialExpiresAt == first || entry.RefusedCredentialVersion is not null
                    ? entry
                    : entry with
                    {
                        CredentialExpiresAt = first,
                    },
            cancellationToken
        );

    private void Warn(Connection connection, CredentialName name, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (expiresAt - now <= RenewalRules.CredentialExpiryNotice)
        {
            TokenLog.CredentialEnds(
                logger,
                name.IsCertificate ? "certificate" : "secret",
                name.Name,
                connection.Key,
                expiresAt,
                (int)(expiresAt - now).TotalDays
            );
        }
    }
}
