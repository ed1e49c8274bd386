using System.Globalization;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads the settings of one connection and collects what is wrong with them: each finding names the full key and says what
/// would be right. A setting that nobody asked for is a finding too.
/// </summary>
public sealed class ConnectionSettings
{
    private readonly IConfigurationSection _section;
    private readonly IVendor _vendor;
    private readonly ICollection<string> _findings;
    private readonly int _findingsBefore;
    private readonly SortedSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Begins to read a connection.</summary>
    /// <param name="section"><c>Connections:{Vendor}:{connection}</c>.</param>
    /// <param name="vendor">The vendor it is at.</param>
    /// <param name="findings">Where findings go.</param>
    public ConnectionSettings(IConfigurationSection section, IVendor vendor, ICollection<string> findings)
    {
        _section = section;
        _vendor = vendor;
        _findings = findings;
        _findingsBefore = findings.Count;
        Key = new ConnectionKey(vendor.Name, section.Key.ToLowerInvariant());
        RefreshBefore = Seconds(nameof(RefreshBefore));
        TokenSecretName = SecretName(nameof(TokenSecretName), "access-token");
    }

    /// <summary>Which connection is read.</summary>
    public ConnectionKey Key { get; }

    /// <summary>How early to renew, set in whole seconds; null for the rule of <see cref="AccessToken.RefreshAt"/>.</summary>
    public TimeSpan? RefreshBefore { get; }

    /// <summary>The secret of the token vault that holds the access token.</summary>
    public string TokenSecretName { get; }

    /// <summary>Whether anything was found wrong up to now.</summary>
    public bool HasFindings => _findings.Count > _findingsBefore;

    /// <summary>The value, or null if it is not set or blank.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        var value = _section[name];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>The value; a finding if it is not set.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="example">What would be right.</param>
    public string Required(string name, string example)
    {
        if (Text(name) is { } value)
        {
            return value;
        }

        Find(name, $"is not set. Give {example}.");
        return "";
    }

    /// <summary>An absolute URL: https, or http at a loopback address. It has no query, fragment or user, and ends without a slash.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="example">What would be right.</param>
    /// <param name="byDefault">What holds where it is not set; null if it must be.</param>
    public Uri Url(string name, string example, string? byDefault = null)
    {
        var text = byDefault is null ? Required(name, example) : Text(name) ?? byDefault;
        return text.Length > 0 && SettingUrl.Check(text) is { } wrong ? Refused(name, wrong, example) : SettingUrl.Parse(text);
    }

    /// <summary>The same, or null if it is not set.</summary>
    public Uri? OptionalUrl(string name, string example) => Text(name) is null ? null : Url(name, example);

    /// <summary>The name of a secret or certificate in the vault.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="suffix">By default <c>{vendor}-{connection}-{suffix}</c>; without the last part if it is empty.</param>
    public string SecretName(string name, string suffix)
    {
        var byDefault = suffix.Length == 0 ? $"{Key.Vendor}-{Key.Connection}" : $"{Key.Vendor}-{Key.Connection}-{suffix}";
        var value = Text(name) ?? byDefault;
        if (!IsSecretName(value))
        {
            // The value is not shown: a secret pasted in place of its name must not reach a log.
            Find(name, $"is no name that Key Vault takes. Give the name of the secret, not the secret: 1 to 127 letters, digits and hyphens, for example {byDefault}.");
        }

        return value;
    }

    /// <summary>A UUID, or null if it is not set.</summary>
    public Guid? Uuid(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (Guid.TryParseExact(value, "D", out var uuid))
        {
            return uuid;
        }

        Find(name, "is no UUID. Give one like 8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11.");
        return null;
    }

    /// <summary>The SHA-256 of a certificate: 64 hex digits, with or without colons; upper case without colons, or null if it is not set.</summary>
    public string? Sha256(string name)
    {
        if (Text(name)?.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant() is not { } value)
        {
            return null;
        }

        if (value.Length != 64 || !value.All(char.IsAsciiHexDigit))
        {
            Find(name, "is no SHA-256. Give the certificate's SHA-256 fingerprint: 64 hex digits, with or without colons.");
        }

        return value;
    }

    /// <summary>Reports a setting.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="finding">What is wrong with it, and what would be right.</param>
    public void Find(string name, string finding) => _findings.Add($"{_section.Path}:{name} {finding}");

    /// <summary>Reports every setting that nobody asked for.</summary>
    public void FindUnknown()
    {
        foreach (var child in _section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            Find(child.Key, $"is not a setting of {_vendor.SettingsName}. Its settings are {string.Join(", ", _known)}.");
        }
    }

    private TimeSpan? Seconds(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Find(name, "is no lifetime. Give whole seconds from 1 to 86400, for example 600.");
        return null;
    }

    private Uri Refused(string name, string wrong, string example)
    {
        Find(name, $"{wrong} Give {example}.");
        return SettingUrl.Parse("");
    }

    private static bool IsSecretName(string text) =>
        text.Length is >= 1 and <= 127 && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
