using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tokens;

/// <summary>
/// Warns of credentials and certificates in the last 30 days before they end, once a day for each: a secret that runs out at night
/// is the commonest reason for a backup that cannot sign in, and the easiest to mend in time.
/// </summary>
public sealed class CredentialExpiry(ICredentialSource credentials, TimeProvider time, ILogger<CredentialExpiry> logger)
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
        foreach (var name in connection.Credentials)
        {
            try
            {
                if (await credentials.FindAsync(name, newest: false, cancellationToken) is { ExpiresAt: { } expiresAt }
                    && expiresAt - now <= RenewalRules.CredentialExpiryNotice)
                {
                    TokenLog.CredentialEnds(logger, name.IsCertificate ? "certificate" : "secret", name.Name, connection.Key, expiresAt, (int)(expiresAt - now).TotalDays);
                }
            }
            catch (TokenException exception)
            {
                // Looked at again with the next renewal: the vault may have been down for a moment only.
                _checked.TryRemove(connection.Key, out _);
                TokenLog.VaultReadFailed(logger, connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            }
        }
    }
}
