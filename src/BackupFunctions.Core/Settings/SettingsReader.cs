using System.Globalization;
using BackupFunctions.Connections;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads all settings, and refuses to start with any that is bad or unknown.
/// </summary>
internal sealed class SettingsReader(
    IConfiguration configuration,
    IEnumerable<VendorProfile> vendors,
    HostingPlatform platform
) : IConfigureOptions<BackupFunctionsOptions>, IValidateOptions<BackupFunctionsOptions>
{
    private const string VaultExample = "https://contoso-backup.vault.azure.net";

    private readonly IReadOnlyList<VendorProfile> _vendors = [.. vendors];

    public void Configure(BackupFunctionsOptions options)
    {
        var findings = new List<SettingFinding>();
        ReadVaults(options, findings);
        options.Connections = [.. ReadConnections(findings)];
        var sweeps = new ScheduleSettings(configuration, _vendors);
        options.Schedules = sweeps.ReadSchedules(findings);
        options.Concurrency = sweeps.ReadConcurrency(findings);
        SecretNameClashes.Find(options.Connections, findings);
        new UnknownSettings(_vendors).Find(configuration, findings);
        var before = findings.Count;
        options.Storage = StorageSettings.Read(configuration, findings);
        options.IsStorageWrong = findings.Count > before;
        FindUnknown(configuration.GetSection("Access"), AccessSettings.Known, findings);
        options.RequireAppRoles = AccessSettings.RequireAppRoles(configuration, platform, findings);
        FindUnknown(configuration.GetSection("Alerts"), AlertSettings.Known, findings);
        options.Alerts = AlertSettings.Read(configuration, findings);
        options.Findings = findings;
    }

    public ValidateOptionsResult Validate(string? name, BackupFunctionsOptions options) =>
        options.Findings.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(options.Findings.Select(finding => finding.ToString()));

    private void ReadVaults(BackupFunctionsOptions options, List<SettingFinding> findings)
    {
        var section = configuration.GetSection("KeyVault");
        FindUnknown(section, UnknownSettings.VaultSettings, findings);
        options.VaultUri = ReadVault(section, "VaultUri", findings)!;
        options.TokenVaultUri = string.IsNullOrWhiteSpace(section["TokenVaultUri"])
            ? options.VaultUri
            : ReadVault(section, "TokenVaultUri", findings)!;
        options.WritesPerTenSeconds = ReadWrites(section, options.WritesPerTenSeconds, findings);
        options.ReadsConnectionsInVault = ReadSwitch(
            section,
            "ConnectionsInVault",
            options.ReadsConnectionsInVault,
            findings
        );
    }

    private static int? ReadWrites(IConfigurationSection section, int? byDefault, List<SettingFinding> findings)
    {
        var text = section["WritesPerTenSeconds"]?.Trim() ?? "";
        if (text.Length == 0 || text.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            return text.Length == 0 ? byDefault : null;
        }

        if (Whole(text, 1, 4000) is not { } writes)
        {
            findings.Add(
                $"{section.Path}:WritesPerTenSeconds",
                "is not a valid number of writes.",
                $"Give a whole number from 1 to 4000, for example {byDefault}, or unlimited."
            );
            return byDefault;
        }

        return writes;
    }

    private static bool ReadSwitch(
        IConfigurationSection section,
        string name,
        bool byDefault,
        List<SettingFinding> findings
    )
    {
        var text = section[name]?.Trim() ?? "";
        if (text.Length > 0 && !bool.TryParse(text, out _))
        {
            findings.Add($"{section.Path}:{name}", "is neither true nor false.", "Give one of the two.");
        }

        return bool.TryParse(text, out var value) ? value : byDefault;
    }

    /// <summary>A whole number within limits; null for anything else.</summary>
    internal static int? Whole(string? text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : null;

    private static Uri? ReadVault(IConfigurationSection section, string name, List<SettingFinding> findings)
    {
        var text = section[name]?.Trim() ?? "";
        if (WhatIsWrongWithVault(text) is { } finding)
        {
            findings.Add($"{section.Path}:{name}", finding, $"Give the vault's URI, for example {VaultExample}.");
            return null;
        }

        return SettingUrl.Parse(text);
    }

    private static string? WhatIsWrongWithVault(string text)
    {
        if (text.Length == 0)
        {
            return "is not set.";
        }

        var isHttps = text.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        return SettingUrl.Check(text) ?? (isHttps ? null : "must begin with https://.");
    }

    private IEnumerable<Connection> ReadConnections(List<SettingFinding> findings)
    {
        foreach (var vendorSection in configuration.GetSection("Connections").GetChildren())
        {
            var vendor = _vendors.FirstOrDefault(vendor =>
                vendor.SettingsName.Equals(vendorSection.Key, StringComparison.OrdinalIgnoreCase)
            );
            if (vendor is null)
            {
                findings.Add(vendorSection.Path, "is not a known vendor.", $"The vendors are {Names()}.");
                continue;
            }

            if (vendorSection.Value is { Length: > 0 })
            {
                findings.Add(
                    vendorSection.Path,
                    $"has a value where a connection's name should follow, "
                        + $"for example {vendorSection.Path}:default:ClientId."
                );
            }

            foreach (var section in vendorSection.GetChildren())
            {
                if (ReadConnection(vendor, section, findings) is { } connection)
                {
                    yield return connection;
                }
            }
        }
    }

    private static Connection? ReadConnection(
        VendorProfile vendor,
        IConfigurationSection section,
        List<SettingFinding> findings
    )
    {
        if (!ConnectionKey.IsName(section.Key))
        {
            findings.Add(
                section.Path,
                "is not a valid connection name.",
                "Give 1 to 40 letters and digits, for example default."
            );
            return null;
        }

        return ConnectionReader.Read(new ConnectionValues.OfSettings(section), vendor, findings);
    }

    private static void FindUnknown(IConfigurationSection section, string[] known, List<SettingFinding> findings)
    {
        foreach (
            var child in section
                .GetChildren()
                .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            findings.Add(
                child.Path,
                "is not a setting.",
                $"The settings of {section.Path} are {string.Join(", ", known)}."
            );
        }
    }

    private string Names() => string.Join(", ", _vendors.Select(vendor => vendor.SettingsName));
}
