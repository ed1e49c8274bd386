using System.Collections.Concurrent;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Sweeps;

/// <summary>
/// Warns of credentials and certificates in their last 30 days, once a day for each. A secret that expires at night is
/// the commonest reason for a backup that cannot sign in, and the easiest to fix in time.
/// </summary>
public sealed class CredentialExpiry(
    ICredentialSource credentials,
    ILedger ledger,
    TimeProvider time,
    ILogger<CredentialExpiry> logger
)
{
    /// <summary>How long before its expiry a credential is warned of.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<ConnectionKey, DateTimeOffset> _checked = new();

    /// <summary>
    /// Checks a connection's credentials, unless that was done within the last day. Does not throw if the vault fails.
    /// </summary>
    /// <param name="connection">The connection.</param>
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
                var credential = await credentials.FindAsync(name, newest: false, cancellationToken);
                if (credential is { ExpiresAt: { } expiresAt })
                {
                    first = first <= expiresAt ? first : expiresAt;
                    Warn(connection, name, expiresAt, now);
                }
            }
            catch (TokenException exception)
            {
                // Checked again with the next renewal: the vault may have been unavailable for a moment only.
                _checked.TryRemove(connection.Key, out _);
                RenewalLog.VaultReadFailed(logger, connection.Key, exception.Failure);
                return;
            }
        }

        // A sign-in records the same of the credentials it uses; but with a refresh token there may be none for months.
        await ledger.UpdateAsync(connection.Key, record => record.WithCredentialExpiry(first), cancellationToken);
    }

    private void Warn(Connection connection, CredentialName name, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (expiresAt - now <= Notice)
        {
            var kind = name.IsCertificate ? "certificate" : "secret";
            var days = (int)(expiresAt - now).TotalDays;
            SweepLog.CredentialExpires(logger, kind, name.Name, connection.Key, expiresAt, days);
        }
    }
}
