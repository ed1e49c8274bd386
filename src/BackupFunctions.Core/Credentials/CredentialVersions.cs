using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.Credentials;

/// <summary>Says which versions of a connection's credentials are meant, in a form that can be compared and stored.</summary>
internal static class CredentialVersions
{
    /// <summary>The vault's name for the version; <c>none</c> for an absent credential.</summary>
    public static string Of(Credential? credential) => credential?.Version ?? "none";

    /// <summary>What a credential is called here; the parts of one secret are told apart.</summary>
    public static string KeyOf(CredentialName name) => name.Member is null ? name.Name : $"{name.Name}#{name.Member}";

    /// <summary><c>name=version;…</c></summary>
    public static string Join(IEnumerable<KeyValuePair<string, string>> versions) =>
        string.Join(';', versions.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>
    /// Whether the vault holds another version of any credential named in <paramref name="used"/>, or of one that was not
    /// there then; or the connection has other credentials by now.
    /// </summary>
    /// <exception cref="TokenException">The vault cannot say.</exception>
    public static async Task<bool> HaveChangedAsync(
        Connection connection,
        ICredentialSource credentials,
        string used,
        CancellationToken cancellationToken
    )
    {
        var usedVersions = used.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (usedVersions.Count > 0 && !connection.Credentials.Any(name => usedVersions.ContainsKey(KeyOf(name))))
        {
            return true;
        }

        foreach (var name in connection.Credentials)
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
