using BackupFunctions.Connections;

namespace BackupFunctions.Settings;

/// <summary>
/// What the connections of the settings already use: a connection from the vault must share neither their name nor any secret
/// with them. Settings win.
/// </summary>
internal sealed class ReservedSecretNames
{
    /// <summary>How the names of secrets end that tokens are kept in: a definition under such a name would be overwritten by a token.</summary>
    private static readonly string[] TokenSuffixes = ["-access-token", "-refresh-token"];

    private readonly HashSet<ConnectionKey> _connections;
    private readonly HashSet<string> _secrets;

    /// <summary>Notes what the settings use.</summary>
    public ReservedSecretNames(IReadOnlyCollection<Connection> settings)
    {
        _connections = [.. settings.Select(target => target.Key)];
        _secrets = new HashSet<string>(
            settings.SelectMany(target =>
                target
                    .Credentials.Select(credential => credential.Name)
                    .Append(target.TokenSecretName)
                    .Append(target.RefreshTokenSecretName)
            ),
            StringComparer.OrdinalIgnoreCase
        );
    }

    /// <summary>What stands against a connection from the vault, in a whole sentence; null if nothing does.</summary>
    /// <param name="secretName">The secret that defines it.</param>
    /// <param name="connection">The connection.</param>
    public string? ClashOf(string secretName, Connection connection)
    {
        if (_connections.Contains(connection.Key))
        {
            return $"The secret {secretName} defines {connection.Key}, which settings describe already. Settings win: remove one of the two.";
        }

        if (TokenSuffixes.Any(suffix => secretName.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
        {
            return $"The secret {secretName} has a name that a token is saved under. Save the connection under another name, for example connection-{connection.Key.Vendor}-{connection.Key.Connection}.";
        }

        var taken = new[] { secretName, connection.TokenSecretName, connection.RefreshTokenSecretName }.FirstOrDefault(
            _secrets.Contains
        );
        return taken is null
            ? null
            : $"The secret {secretName} defines {connection.Key}, for which the secret {taken} is needed, and settings use that name already. Give one of the two another name.";
    }
}
