using System.Globalization;
using BackupFunctions.Settings.Access;
using BackupFunctions.Settings.Alerting;
using BackupFunctions.Settings.Calls;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads all settings. What the host itself needs stops the start if it is wrong; a connection only itself.
/// </summary>
/// <param name="configuration">The settings.</param>
/// <param name="vendors">The vendors, those that the settings declare among them.</param>
/// <param name="platform">Where this runs.</param>
/// <param name="declared">What is wrong with declared vendors; null if nothing is.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class SettingsReader(
    IConfiguration configuration,
    IEnumerable<VendorProfile> vendors,
    HostingPlatform platform,
    IEnumerable<SettingFinding>? declared = null,
    TimeProvider? time = null
) : IConfigureOptions<BackupFunctionsOptions>, IValidateOptions<BackupFunctionsOptions>
{
    /// <summary>The sections that the host itself needs.</summary>
    private static readonly string[] SectionsOfHost = ["KeyVault", "AzureWebJobsStorage", "Access", "Alerts"];

    private const string VaultExample = "https://contoso-backup.vault.azure.net";

    private readonly IReadOnlyList<VendorProfile> _vendors = [.. vendors];

    public void Configure(BackupFunctionsOptions options)
    {
        var findings = FindPasted();
        ReadVaults(options, findings);
        (options.Connections, options.Misconfigured) = new SettingsConnections(_vendors).Read(configuration, findings);
        options.Calls = new CallSettings(_vendors).Read(configuration, findings);
        var sweeps = new ScheduleSettings(configuration, _vendors);
        options.Schedules = sweeps.ReadSchedules(findings);
        options.DefaultSchedules = sweeps.FindUnset();
        options.Concurrency = sweeps.ReadConcurrency(findings);
        new UnknownSettings(_vendors).Find(configuration, findings);
        var before = findings.Count;
        options.Storage = StorageSettings.Read(configuration, findings);
        options.IsStorageWrong = findings.Count > before;
        findings.AddRange(AccessSettings.Unknown(configuration));
        options.Access = AccessSettings.Read(configuration, platform, findings);
        FindUnknown(configuration.GetSection("Alerts"), AlertSettings.Known, findings);
        var silence = new SilenceSettings(_vendors, (time ?? TimeProvider.System).GetUtcNow());
        options.Alerts = AlertSettings.Read(configuration, silence.Read(configuration, findings), findings);
        options.Findings = [.. findings.Where(finding => !finding.IsUnknown).DistinctBy(finding => finding.Key)];
        options.Unknown = [.. declared ?? [], .. findings.Where(finding => finding.IsUnknown)];
    }

    public ValidateOptionsResult Validate(string? name, BackupFunctionsOptions options)
    {
        // On a developer's machine nothing newer is deployed, so an unknown setting is a misspelt one.
        SettingFinding[] wrong = platform.IsLocal ? [.. options.Findings, .. options.Unknown] : [.. options.Findings];
        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(finding => finding.ToString()));
    }

    /// <summary>
    /// What is wrong with values whatever they should be. These findings come first: what they say explains what else
    /// is found about the same setting.
    /// </summary>
    private List<SettingFinding> FindPasted()
    {
        var findings = new List<SettingFinding>();
        foreach (var name in SectionsOfHost)
        {
            var section = configuration.GetSection(name);
            foreach (var setting in section.GetChildren().Prepend(section))
            {
                if (SettingText.WhatIsWrong(setting.Value?.Trim() ?? "") is { } wrong)
                {
                    findings.Add(setting.Path, wrong.Problem, wrong.Remedy);
                }
            }
        }

        return findings;
    }

    private void ReadVaults(BackupFunctionsOptions options, List<SettingFinding> findings)
    {
        var section = configuration.GetSection("KeyVault");
        FindUnknown(section, UnknownSettings.VaultSettings, findings);
        options.VaultUri = ReadVault(section, "VaultUri", findings)!;
        options.TokenVaultUri = string.IsNullOrWhiteSpace(section["TokenVaultUri"])
            ? options.VaultUri
            : ReadVault(section, "TokenVaultUri", findings)!;
        options.WritesPerTenSeconds = ReadWrites(section, options.WritesPerTenSeconds, findings);
        options.ReadsConnectionsInVault = findings.Switch(
            configuration,
            "KeyVault:ConnectionsInVault",
            byDefault: options.ReadsConnectionsInVault
        ) ?? options.ReadsConnectionsInVault;
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

        if (SettingUrl.Check(text) is null && new Uri(text).AbsolutePath.Trim('/').Length > 0)
        {
            return "has a path: it is the address of something in the vault, such as a secret.";
        }

        var isHttps = text.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        return SettingUrl.Check(text) ?? (isHttps ? null : "must begin with https://.");
    }

    private static void FindUnknown(IConfigurationSection section, string[] known, List<SettingFinding> findings)
    {
        foreach (
            var child in section
                .GetChildren()
                .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            findings.AddUnknown(
                child.Path,
                "is not a setting.",
                $"The settings of {section.Path} are {string.Join(", ", known)}."
            );
        }
    }
}
