using BackupFunctions.Tokens;

namespace BackupFunctions.Credentials;

/// <summary>Names the versions of a connection's credentials, in a form that can be compared and stored.</summary>
internal static class CredentialVersions
{
    /// <summary>The vault's name for the version; <c>none</c> for an absent credential.</summary>
    public static string Of(Credential? credential) => credential?.Version ?? "none";

    /// <summary>The name of a credential; parts of the same secret have different ones.</summary>
    public static string KeyOf(CredentialName name) => name.Member is null ? name.Name : $"{name.Name}#{name.Member}";

    /// <summary><c>name=version;…</c></summary>
    public static string Join(IEnumerable<KeyValuePair<string, string>> versions) =>
        string.Join(';', versions.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>The versions of a sign-in that used one credential.</summary>
    public static string Join(CredentialName name, Credential credential) =>
        Join([KeyValuePair.Create(KeyOf(name), Of(credential))]);

    /// <summary>
    /// The versions by name; what is no <c>name=version</c> is left out, and of two versions the last counts.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Parse(string versions)
    {
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in versions.Split(';').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2))
        {
            parsed[pair[0]] = pair[1];
        }

        return parsed;
    }

    /// <summary>
    /// Whether the vault holds another version of any credential named in <paramref name="used"/>, or of one that was
    /// missing then; or the connection has other credentials by now.
    /// </summary>
    /// <exception cref="TokenException">The vault is unavailable.</exception>
    public static async Task<bool> HaveChangedAsync(
        IReadOnlyList<CredentialName> names,
        ICredentialSource credentials,
        string used,
        CancellationToken cancellationToken
    )
    {
        var usedVersions = Parse(used);
        if (usedVersions.Count > 0 && !names.Any(name => usedVersions.ContainsKey(KeyOf(name))))
        {
            return true;
        }

        foreach (var name in names)
        {
            if (
                usedVersions.TryGetValue(KeyOf(name), out var version)
                && Of(await credentials.FindAsync(name, newest: true, cancellationToken)) != version
            )
            {
                return true;
            }
        }

        return false;
    }
}
