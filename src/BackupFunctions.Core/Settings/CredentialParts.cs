using BackupFunctions.Credentials;
using BackupFunctions.Vendors;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads the parts of the credential in a secret that defines a connection. What no vendor asked for is a finding too.
/// </summary>
internal sealed class CredentialParts(DefiningSecret secret, ICollection<SettingFinding> findings)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>
    /// What a part is called whose secret, where settings name it, ends in the suffix: <c>clientSecret</c> for
    /// <c>client-secret</c>.
    /// </summary>
    public static string NameAfter(string suffix)
    {
        var words = suffix.Split('-');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    /// <summary>Where a part is to be read; a finding if it is not there and must be.</summary>
    public CredentialName Read(string name, bool isCertificate = false, bool isOptional = false)
    {
        _known.Add(name);
        var isThere = secret.Document.Credential.TryGetValue(name, out var value);
        if (isThere ? string.IsNullOrWhiteSpace(value) : !isOptional)
        {
            findings.Add($"The secret {secret.Name}: credential.{name}", "is not set.", "Give the connection's own.");
        }

        return secret.Credential(name, isCertificate, isOptional);
    }

    /// <summary>
    /// Reports that there is a part that is unknown. It is not named: it may be a credential in the wrong place.
    /// </summary>
    public void FindUnknown(VendorProfile vendor)
    {
        if (secret.Document.Credential.Keys.Any(name => !_known.Contains(name)))
        {
            findings.Add(
                $"The secret {secret.Name}: credential",
                $"has a member that is not part of a credential of {vendor.SettingsName}.",
                $"Its parts are {string.Join(", ", _known)}."
            );
        }
    }
}
