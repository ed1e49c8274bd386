using BackupFunctions.Settings.Calls;
using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Finds keys that nobody reads and that were probably meant for this app: they would go unnoticed. One that was meant
/// for <c>Access</c> is wrong, not only unknown: it would leave a door open.
/// </summary>
internal sealed class UnknownSettings(IReadOnlyList<VendorProfile> vendors)
{
    public static readonly string[] VaultSettings =
    [
        "VaultUri",
        "TokenVaultUri",
        "WritesPerTenSeconds",
        "ConnectionsInVault",
    ];

    /// <summary>
    /// The settings of each section that is not a vendor's and that no other section has. One that is not read would go
    /// unnoticed: a door left open, a night without alerts.
    /// </summary>
    private static readonly (string Section, string[] Settings)[] Sections =
    [
        ("KeyVault", VaultSettings),
        ("Access", ["RequireAppRoles", "FunctionKeys"]),
        ("Alerts", ["WebhookUrl", "WebhookUrlSecretName"]),
    ];

    /// <summary>App Service gives every setting to the app a second time, under this prefix.</summary>
    public static bool IsPlatformCopy(IConfigurationSection section) =>
        section.Key.StartsWith("APPSETTING_", StringComparison.OrdinalIgnoreCase);

    public void Find(IConfiguration configuration, List<SettingFinding> findings)
    {
        foreach (var section in configuration.GetChildren().Where(section => !IsPlatformCopy(section)))
        {
            if (section.Value is not null && Meant(section.Key) is { } meant)
            {
                Add(section.Key, meant, findings);
            }

            foreach (var child in section.GetChildren())
            {
                if (
                    !Is(section, "Connections")
                    && !Is(section, "Vendors")
                    && !Is(section, CallSettings.Section)
                    && vendors.Any(vendor => Is(child, vendor.SettingsName))
                    && child.GetChildren().Any()
                )
                {
                    Add(child.Path, $"Connections:{child.Key}", findings);
                }
                else if (Of(child.Key) is { } owner && !Is(section, owner))
                {
                    Add(child.Path, $"{owner}:{child.Key}", findings);
                }
            }
        }
    }

    private static void Add(string key, string meant, List<SettingFinding> findings) =>
        findings.Add(
            new SettingFinding(key, "is not read.", $"Did you mean {meant}?")
            {
                IsUnknown = !meant.StartsWith("Access:", StringComparison.OrdinalIgnoreCase),
            }
        );

    /// <summary>
    /// What a key at the top was probably meant to be; null if it is nothing of ours. A token vault or a schedule that
    /// is not read would go unnoticed.
    /// </summary>
    private string? Meant(string key)
    {
        if (
            key.StartsWith("Connections_", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("KeyVault_", StringComparison.OrdinalIgnoreCase)
        )
        {
            return key.Replace('_', ':');
        }

        if (Of(key) is { } section)
        {
            return $"{section}:{key}";
        }

        if (
            Sections
                .FirstOrDefault(known =>
                    key.StartsWith($"{known.Section}_", StringComparison.OrdinalIgnoreCase)
                    && Of(key[(known.Section.Length + 1)..]) == known.Section
                )
                .Section
            is not null
        )
        {
            return key.Replace('_', ':');
        }

        var vendor = vendors
            .Where(vendor => key.StartsWith(vendor.SettingsName, StringComparison.OrdinalIgnoreCase))
            .MaxBy(vendor => vendor.SettingsName.Length);
        var isSchedule =
            vendor is not null
            && !key.EndsWith(RefreshSchedule.SettingSuffix, StringComparison.OrdinalIgnoreCase)
            && !key.EndsWith(ScheduleSettings.ConcurrencySuffix, StringComparison.OrdinalIgnoreCase)
            && (
                key[vendor.SettingsName.Length..].StartsWith("Refresh", StringComparison.OrdinalIgnoreCase)
                || key.EndsWith("Schedule", StringComparison.OrdinalIgnoreCase)
            );
        return isSchedule ? vendor!.TimerName + RefreshSchedule.SettingSuffix : null;
    }

    private static string? Of(string setting) =>
        Sections.FirstOrDefault(known => known.Settings.Contains(setting, StringComparer.OrdinalIgnoreCase)).Section;

    private static bool Is(IConfigurationSection section, string name) =>
        section.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
