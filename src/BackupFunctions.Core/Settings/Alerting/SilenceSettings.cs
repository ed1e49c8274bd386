using System.Globalization;
using BackupFunctions.Connections;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Alerting;

/// <summary>
/// Reads the maintenance windows: <c>Alerts:Silence:{Vendor}</c> and <c>Alerts:Silence:{Vendor}:{connection}</c>, the
/// instant at which a window ends. One that is wrong silences nothing, and does not stop the start: it is set in a
/// hurry.
/// </summary>
internal sealed class SilenceSettings(IReadOnlyList<VendorProfile> vendors, DateTimeOffset now)
{
    public const string Name = "Silence";

    private const int MostDays = 30;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm:sszzz",
    ];

    /// <summary>Reads the windows.</summary>
    public SilenceWindows Read(IConfiguration configuration, List<SettingFinding> findings)
    {
        var windows = new SilenceWindows();
        foreach (var section in configuration.GetSection($"Alerts:{Name}").GetChildren())
        {
            if (vendors.FirstOrDefault(vendor => IsNamed(vendor, section.Key)) is not { } vendor)
            {
                findings.AddUnknown(
                    section.Path,
                    "is not a known vendor.",
                    $"Name one as in Connections, for example Alerts:{Name}:Acronis."
                );
                continue;
            }

            if (UntilOf(section, findings) is { } until)
            {
                windows.Add(vendor.Name, until);
            }

            foreach (var connection in section.GetChildren())
            {
                if (UntilOf(connection, findings) is { } own)
                {
                    windows.Add(new ConnectionKey(vendor.Name, connection.Key.ToLowerInvariant()), own);
                }
            }
        }

        return windows;
    }

    private DateTimeOffset? UntilOf(IConfigurationSection section, List<SettingFinding> findings)
    {
        var text = section.Value?.Trim() ?? "";
        if (text.Length == 0)
        {
            return null;
        }

        var isRead = DateTimeOffset.TryParseExact(
            text,
            Forms,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var until
        );
        if (isRead && until <= now.AddDays(MostDays))
        {
            return until;
        }

        findings.AddUnknown(
            section.Path,
            isRead
                ? $"is more than {MostDays} days ahead, and silences nothing."
                : "is not an instant, and silences nothing.",
            $"Give the end of the window with its time zone, {MostDays} days ahead at most, for example "
                + "2026-11-28T06:00Z or 2026-11-28T07:00+01:00."
        );
        return null;
    }

    private static bool IsNamed(VendorProfile vendor, string name) =>
        vendor.SettingsName.Equals(name, StringComparison.OrdinalIgnoreCase);
}
