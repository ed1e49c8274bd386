using BackupFunctions.Credentials;
using BackupFunctions.Vendors;

namespace BackupFunctions.Settings;

/// <content>Reads single values.</content>
internal sealed partial class ConnectionSettings
{
    private const int LongestValue = 64;

    /// <summary>The value, or null if it is not set or blank.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        var value = Invisible.Trim(_values[name] ?? "").Trim();
        if (SettingText.WhatIsWrong(value) is { } wrong)
        {
            Find(name, wrong.Problem, wrong.Remedy);
        }

        return value.Length == 0 ? null : value;
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

        Find(name, "is not set.", $"Give {example}.");
        return "";
    }

    /// <summary>The values that stand in braces in a profile's paths and headers.</summary>
    public IReadOnlyDictionary<string, string> Values(IEnumerable<ValueSetting> settings) =>
        settings.ToDictionary(setting => setting.Name, Value, StringComparer.Ordinal);

    /// <summary>
    /// An absolute URL: https, or http at a loopback address; without query, fragment, user or trailing slash.
    /// </summary>
    /// <param name="setting">Which setting, and what holds if it is missing.</param>
    /// <param name="values">What the braces of a profile's URL stand for.</param>
    /// <returns>Null only if the setting is optional and missing.</returns>
    public Uri? Url(UrlSetting setting, IReadOnlyDictionary<string, string> values)
    {
        if (setting.Template is { } template)
        {
            return SettingUrl.Parse(VendorProfile.Fill(template, values));
        }

        var text = Text(setting.Name) ?? setting.Default;
        if (text is null)
        {
            return setting.IsOptional ? null : SettingUrl.Parse(Required(setting.Name, setting.Description));
        }

        return SettingUrl.Check(text) is { } wrong
            ? Refused(setting.Name, wrong, setting.Description)
            : SettingUrl.Parse(text);
    }

    // What may stand in a path or a header changes neither: no separator, no line end, and no path that leads upwards.
    private string Value(ValueSetting setting)
    {
        var value = Text(setting.Name) ?? setting.Default ?? Required(setting.Name, setting.Description);
        if (
            value.Length > LongestValue
            || value.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
            || value.Trim('.').Length == 0 && value.Length > 0
        )
        {
            Find(
                setting.Name,
                "is not a valid value.",
                $"Give {setting.Description}: up to {LongestValue} letters, digits, '.', '-' and '_'."
            );
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

        Find(name, "is not a UUID.", "Give one like 8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11.");
        return null;
    }

    /// <summary>
    /// The SHA-256 of a certificate: 64 hex digits, with or without colons or spaces; upper case without them, or null
    /// if it is not set. Windows' certificate dialog adds an invisible character when it is copied.
    /// </summary>
    public string? Sha256(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = Invisible
            .Remove(text)
            .Replace(":", "", StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal)
            .ToUpperInvariant();

        if (value.Length != 64 || !value.All(char.IsAsciiHexDigit))
        {
            Find(
                name,
                "is not a SHA-256.",
                "Give the certificate's SHA-256 fingerprint: 64 hex digits, with or without colons."
            );
        }

        return value;
    }

    private TimeSpan? Seconds(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (SettingsReader.Whole(value, 1, 86_400) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Find(name, "is not a valid lifetime.", "Give whole seconds from 1 to 86400, for example 600.");
        return null;
    }

    private Uri Refused(string name, string wrong, string example)
    {
        Find(name, wrong, $"Give {example}.");
        return SettingUrl.Parse("");
    }
}
