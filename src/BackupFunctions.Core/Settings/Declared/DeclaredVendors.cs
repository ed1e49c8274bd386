using System.Text;
using System.Text.Json;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Declared;

/// <summary>
/// The vendors that an operator declares in settings: <c>Vendors:{name}:…</c>, or one setting <c>Vendors:{name}</c>
/// with all fields as JSON.
/// </summary>
/// <param name="Profiles">Those that are valid.</param>
/// <param name="Findings">What is wrong with the others: each is left out, and only it.</param>
internal sealed record DeclaredVendors(IReadOnlyList<VendorProfile> Profiles, IReadOnlyList<SettingFinding> Findings)
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Vendors";

    private const int LongestName = 40;

    /// <summary>Names that mean something else: a timer's, and words of app roles (<c>Call.Read.All</c>).</summary>
    private static readonly string[] Reserved = [VendorProfile.CatalogueTimer, "all", "read"];

    /// <summary>Reads them.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="builtIn">The vendors whose names are taken.</param>
    public static DeclaredVendors Read(IConfiguration configuration, IReadOnlyList<VendorProfile> builtIn)
    {
        var profiles = new List<VendorProfile>();
        var findings = new List<SettingFinding>();
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            if (FindWrongName(section, builtIn) is { } finding)
            {
                findings.Add(finding);
            }
            else if (FieldsOf(section, findings) is { } fields && ProfileReader.Read(fields, findings) is { } profile)
            {
                profiles.Add(profile);
            }
        }

        // An app of an older version must start next to a vendor that only a newer one can read.
        return new DeclaredVendors(profiles, [.. findings.Select(finding => finding with { IsUnknown = true })]);
    }

    /// <summary>The section with the fields; null if its JSON cannot be read.</summary>
    private static IConfigurationSection? FieldsOf(IConfigurationSection section, List<SettingFinding> findings)
    {
        if (string.IsNullOrWhiteSpace(section.Value))
        {
            return section;
        }

        if (section.GetChildren().Any())
        {
            findings.Add(
                section.Path,
                "is declared twice: as JSON, and field by field.",
                $"Keep one of the two; the fields' settings begin with {section.Path}:."
            );
            return null;
        }

        try
        {
            var json = $$$"""{"{{{Section}}}":{"{{{section.Key}}}":{{{section.Value}}} } }""";
            var root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
            if (
                section.Value.TrimStart()[0] == '{'
                && root.GetSection(section.Path) is var fields
                && fields.GetChildren().Any()
            )
            {
                return fields;
            }
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or JsonException)
        {
            // Reported below, without the parser's words: they may quote the text.
        }

        findings.Add(
            section.Path,
            "is not a JSON object.",
            """Give the vendor's fields, for example {"Server":"https://login.example.com"}."""
        );
        return null;
    }

    private static SettingFinding? FindWrongName(IConfigurationSection section, IReadOnlyList<VendorProfile> builtIn)
    {
        if (!IsName(section.Key))
        {
            return new SettingFinding(
                section.Path,
                "is not a valid name of a vendor.",
                $"Give a letter and then up to {LongestName - 1} letters and digits, for example {Section}:contoso."
            );
        }

        var taken = builtIn.FirstOrDefault(vendor =>
            vendor.Name.Equals(section.Key, StringComparison.OrdinalIgnoreCase)
            || vendor.SettingsName.Equals(section.Key, StringComparison.OrdinalIgnoreCase)
        );
        return taken is null
            ? null
            : new SettingFinding(
                section.Path,
                $"has the name of {taken.DisplayName}, which is built in.",
                "Choose another name."
            );
    }

    /// <summary>
    /// A name is part of routes, of the names of secrets, and of environment variables, which take no hyphen.
    /// </summary>
    private static bool IsName(string name) =>
        name.Length <= LongestName
        && !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase)
        && char.IsAsciiLetter(name[0])
        && name.All(char.IsAsciiLetterOrDigit);
}
