using BackupFunctions.Connections;

namespace BackupFunctions.Settings;

/// <summary>Finds two uses of one secret's name: they would overwrite a token, or worse a credential.</summary>
internal static class SecretNameClashes
{
    public static void Find(IReadOnlyList<Connection> connections, List<SettingFinding> findings)
    {
        var uses = connections.SelectMany(target =>
            target
                .Credentials.Select(credential => (credential.Name, Use: "a credential", Connection: target))
                .DistinctBy(use => use.Name)
                .Append((Name: target.RefreshTokenSecretName, Use: "the refresh token", Connection: target))
        );
        var taken = uses.ToLookup(use => use.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var target in connections)
        {
            foreach (var credential in target.Credentials)
            {
                if (
                    taken[credential.Name].FirstOrDefault(use => use.Name == use.Connection.RefreshTokenSecretName) is
                    { Name: not null } use
                )
                {
                    findings.Add(
                        $"Connections:{target.Vendor.SettingsName}:{target.Key.Connection}",
                        $"names a credential {credential.Name}, "
                            + $"which is already the name of {use.Use} of {use.Connection.Key}.",
                        "Give a name of its own."
                    );
                }
            }
        }

        var tokens = connections.ToLookup(target => target.TokenSecretName, StringComparer.OrdinalIgnoreCase);
        foreach (var target in connections)
        {
            var name = target.TokenSecretName;
            var key = $"Connections:{target.Vendor.SettingsName}:{target.Key.Connection}:TokenSecretName";
            if (taken[name].FirstOrDefault() is { Name: not null } use)
            {
                findings.Add(
                    key,
                    $"is {name}, which is already the name of {use.Use} of {use.Connection.Key}.",
                    "Give a name of its own."
                );
            }
            else if (tokens[name].First() != target)
            {
                findings.Add(
                    key,
                    $"is {name}, which is already the name of the access token of {tokens[name].First().Key}.",
                    "Give a name of its own."
                );
            }
        }
    }
}
