using BackupFunctions.Connections;

namespace BackupFunctions.Settings;

/// <summary>
/// What the connections of the settings already use: a connection from the vault must share neither their name nor any
/// secret with them. Settings win.
/// </summary>
internal sealed class ReservedSecretNames
{
    /// <summary>
    /// How the names of secrets end that tokens are kept in: a definition under such a name would be overwritten by a
    /// token.
    /// </summary>
    private static readonly string[] TokenSuffixes = ["-access-token", "-refresh-token"];

    private readonly HashSet<ConnectionKey> _connections;
    private readonly HashSet<string> _secrets;

    /// <summary>Notes what the settings use.</summary>
    /// <param name="settings">The connections of the settings.</param>
    /// <param name="misconfigured">Those that cannot be used: their names are taken nevertheless.</param>
    public ReservedSecretNames(
        IReadOnlyCollection<Connection> settings,
        IEnumerable<MisconfiguredConnection>? misconfigured = null
    )
    {
        _connections = [.. settings.Select(target => target.Key), .. (misconfigured ?? []).Select(wrong => wrong.Key)];
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

    /// <summary>Why a connection from the vault cannot be used; null if it can.</summary>
    /// <param name="secretName">The secret that defines it.</param>
    /// <param name="connection">The connection.</param>
    public SettingFinding? ClashOf(string secretName, Connection connection)
    {
        var secret = $"The secret {secretName}";
        if (_connections.Contains(connection.Key))
        {
            return new SettingFinding(
                secret,
                $"defines {connection.Key}, which settings already define.",
                "Settings win: remove one of the two."
            );
        }

        if (TokenSuffixes.Any(suffix => secretName.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
        {
            return new SettingFinding(
                secret,
                "has a name that a token is saved under.",
                $"Save the connection under another name, "
                    + $"for example connection-{connection.Key.Vendor}-{connection.Key.Connection}."
            );
        }

        var taken = new[] { secretName, connection.TokenSecretName, connection.RefreshTokenSecretName }.FirstOrDefault(
            _secrets.Contains
        );
        return taken is null
            ? null
            : new SettingFinding(
                secret,
                $"defines {connection.Key}, which needs the secret {taken}, and settings already use that name.",
                "Give one of the two another name."
            );
    }
}
