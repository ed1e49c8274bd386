using BackupFunctions.Connections;

namespace BackupFunctions.Settings;

/// <summary>Finds two uses of one secret's name: they would overwrite a token, or worse a credential.</summary>
internal static class SecretNameClashes
{
    public static void Find(IReadOnlyList<VendorConnection> connections, List<string> findings)
    {
        var uses = connections.SelectMany(target =>
            target
                .Connection.Credentials.Select(credential => (credential.Name, Use: "a credential", target.Connection))
                .DistinctBy(use => use.Name)
                .Append((Name: target.Connection.RefreshTokenSecretName, Use: "the refresh token", target.Connection))
        );
        var taken = uses.ToLookup(use => use.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var target in connections)
        {
            foreach (var credential in target.Connection.Credentials)
            {
                if (
                    taken[credential.Name].FirstOrDefault(use => use.Name == use.Connection.RefreshTokenSecretName) is
                    { Name: not null } use
                )
                {
                    findings.Add(
                        $"Connections:{target.Vendor.SettingsName}:{target.Connection.Key.Connection} names a credential {credential.Name}, which is already the name of {use.Use} of {use.Connection.Key}. Give a name of its own."
                    );
                }
            }
        }

        var tokens = connections.ToLookup(
            target => target.Connection.TokenSecretName,
            StringComparer.OrdinalIgnoreCase
        );
        foreach (var target in connections)
        {
            var name = target.Connection.TokenSecretName;
            var key = $"Connections:{target.Vendor.SettingsName}:{target.Connection.Key.Connection}:TokenSecretName";
            if (taken[name].FirstOrDefault() is { Name: not null } use)
            {
                findings.Add(
                    $"{key} is {name}, which is already the name of {use.Use} of {use.Connection.Key}. Give a name of its own."
                );
            }
            else if (tokens[name].First() != target)
            {
                findings.Add(
                    $"{key} is {name}, which is already the name of the access token of {tokens[name].First().Connection.Key}. Give a name of its own."
                );
            }
        }
    }
}
