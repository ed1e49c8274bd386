using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>Reads when and how concurrently each vendor's sweep runs.</summary>
internal sealed class ScheduleSettings(IConfiguration configuration, IReadOnlyList<VendorProfile> vendors)
{
    /// <summary>The end of a setting's name, after the vendor's: how many connections a sweep renews at once.</summary>
    internal const string ConcurrencySuffix = "RefreshConcurrency";

    public Dictionary<string, RefreshSchedule> ReadSchedules(List<SettingFinding> findings)
    {
        var timers = Timers()
            .ToDictionary(
                timer => timer,
                _ => RefreshSchedule.TryParse(RefreshSchedule.DefaultExpression)!,
                StringComparer.OrdinalIgnoreCase
            );
        foreach (
            var section in configuration
                .GetChildren()
                .Where(section =>
                    section.Key.EndsWith(RefreshSchedule.SettingSuffix, StringComparison.OrdinalIgnoreCase)
                    && !UnknownSettings.IsPlatformCopy(section)
                )
        )
        {
            var timer = section.Key[..^RefreshSchedule.SettingSuffix.Length];
            if (!timers.ContainsKey(timer))
            {
                findings.AddUnknown(
                    section.Key,
                    "is not the schedule of a known vendor.",
                    $"The schedules are {string.Join(", ", timers.Keys.Select(Setting))}."
                );
            }
            else if (RefreshSchedule.TryParse(section.Value ?? "") is { } schedule)
            {
                timers[timer] = schedule;
            }
            else
            {
                findings.Add(
                    section.Key,
                    $"is '{section.Value}', which is not a valid NCRONTAB expression.",
                    $"Give six fields, seconds first, for example {RefreshSchedule.DefaultExpression}."
                );
            }
        }

        return vendors.ToDictionary(vendor => vendor.Name, vendor => timers[vendor.TimerName], StringComparer.Ordinal);
    }

    /// <summary>The settings of schedules that are not set.</summary>
    public IReadOnlyList<string> FindUnset() =>
        [.. Timers().Select(Setting).Where(setting => configuration[setting] is null)];

    private IEnumerable<string> Timers() =>
        vendors
            .Select(vendor => vendor.TimerName)
            .Append(VendorProfile.CatalogueTimer)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private static string Setting(string timer) => timer + RefreshSchedule.SettingSuffix;

    public Dictionary<string, int> ReadConcurrency(List<SettingFinding> findings)
    {
        var concurrency = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (
            var section in configuration
                .GetChildren()
                .Where(section =>
                    section.Key.EndsWith(ConcurrencySuffix, StringComparison.OrdinalIgnoreCase)
                    && !UnknownSettings.IsPlatformCopy(section)
                )
        )
        {
            var vendor = vendors.FirstOrDefault(vendor =>
                section.Key.Equals(vendor.SettingsName + ConcurrencySuffix, StringComparison.OrdinalIgnoreCase)
            );
            if (vendor is null)
            {
                findings.AddUnknown(
                    section.Key,
                    "is not the concurrency of a known vendor.",
                    $"The vendors are {Names()}, so for example {vendors[0].SettingsName}{ConcurrencySuffix}."
                );
            }
            else if (SettingsReader.Whole(section.Value?.Trim(), 1, 256) is { } number)
            {
                concurrency[vendor.Name] = number;
            }
            else
            {
                findings.Add(
                    section.Key,
                    "is not a valid number of connections.",
                    $"Give how many are renewed at once, "
                        + $"a whole number from 1 to 256, for example {vendor.RefreshConcurrency}."
                );
            }
        }

        return concurrency;
    }

    private string Names() => string.Join(", ", vendors.Select(vendor => vendor.SettingsName));
}
