using System.Collections.Frozen;
using BackupFunctions.Vendors;

namespace BackupFunctions.Sweeps;

/// <summary>When each vendor's connections are swept, and how many are renewed at once.</summary>
/// <param name="schedules">The schedules, by the vendor's name.</param>
/// <param name="concurrency">
/// How many connections a sweep renews at once, by the vendor's name, if a setting says so.
/// </param>
public sealed class SweepSettings(
    IReadOnlyDictionary<string, RefreshSchedule> schedules,
    IReadOnlyDictionary<string, int> concurrency
)
{
    private readonly FrozenDictionary<string, RefreshSchedule> _schedules = schedules.ToFrozenDictionary(
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>When the vendor's connections are swept.</summary>
    public RefreshSchedule ScheduleOf(VendorProfile vendor) => _schedules[vendor.Name];

    /// <summary>How many of the vendor's connections a sweep renews at once.</summary>
    public int ConcurrencyOf(VendorProfile vendor) =>
        concurrency.TryGetValue(vendor.Name, out var set) ? set : vendor.RefreshConcurrency;
}
