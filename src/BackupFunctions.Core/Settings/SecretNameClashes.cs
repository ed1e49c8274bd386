using BackupFunctions.Connections;

namespace BackupFunctions.Settings;

/// <summary>
/// Finds two uses of one secret's name: they would overwrite a token, or worse a credential. Names by default never
/// clash, so a setting is to blame, and the connection that it belongs to.
/// </summary>
internal sealed class SecretNameClashes
{
    private const string Remedy = "Give a name of its own.";

    private readonly ILookup<string, Connection> _credentials;
    private readonly ILookup<string, Connection> _refreshTokens;
    private readonly ILookup<string, Connection> _accessTokens;

    private SecretNameClashes(IReadOnlyList<Connection> connections)
    {
        _credentials = connections
            .SelectMany(target => target.Credentials.Select(credential => (credential.Name, Target: target)))
            .ToLookup(use => use.Name, use => use.Target, StringComparer.OrdinalIgnoreCase);
        _refreshTokens = connections.ToLookup(
            target => target.RefreshTokenSecretName,
            StringComparer.OrdinalIgnoreCase
        );

        // Those with the name by default come first: it is theirs.
        _accessTokens = connections
            .OrderBy(target => HasUsualTokenName(target) ? 0 : 1)
            .ToLookup(target => target.TokenSecretName, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The connections that must not be used, each with what is wrong.</summary>
    public static IReadOnlyDictionary<Connection, SettingFinding> Find(IReadOnlyList<Connection> connections)
    {
        var clashes = new SecretNameClashes(connections);
        return connections
            .Select(target => (Target: target, Clash: clashes.OfCredentials(target) ?? clashes.OfToken(target)))
            .Where(one => one.Clash is not null)
            .ToDictionary(one => one.Target, one => one.Clash!);
    }

    private SettingFinding? OfCredentials(Connection target) =>
        target
            .Credentials.Select(credential => OfCredential(target, credential.Name))
            .FirstOrDefault(clash => clash is not null);

    private SettingFinding? OfCredential(Connection target, string name)
    {
        var use = FirstOf(
            ("the refresh token", _refreshTokens[name].FirstOrDefault()),
            ("the access token", _accessTokens[name].FirstOrDefault(HasUsualTokenName))
        );
        return use is null
            ? null
            : new SettingFinding(
                $"Connections:{target.Vendor.SettingsName}:{target.Key.Connection}",
                $"names a credential {name}, which is already the name of {use}.",
                Remedy
            );
    }

    private SettingFinding? OfToken(Connection target)
    {
        var name = target.TokenSecretName;
        if (HasUsualTokenName(target))
        {
            return null;
        }

        var first = _accessTokens[name].First();
        var use = FirstOf(
            ("a credential", _credentials[name].FirstOrDefault()),
            ("the refresh token", _refreshTokens[name].FirstOrDefault()),
            ("the access token", first == target ? null : first)
        );
        return use is null
            ? null
            : new SettingFinding(
                $"Connections:{target.Vendor.SettingsName}:{target.Key.Connection}:TokenSecretName",
                $"is {name}, which is already the name of {use}.",
                Remedy
            );
    }

    private static string? FirstOf(params (string Use, Connection? Owner)[] uses) =>
        uses.Where(use => use.Owner is not null).Select(use => $"{use.Use} of {use.Owner!.Key}").FirstOrDefault();

    private static bool HasUsualTokenName(Connection target) =>
        target.TokenSecretName.Equals(
            $"{target.Key.Vendor}-{target.Key.Connection}-access-token",
            StringComparison.OrdinalIgnoreCase
        );
}
