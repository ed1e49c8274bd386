using System.Collections.Frozen;
using BackupFunctions.Settings;

namespace BackupFunctions.Tokens;

/// <summary>All vendors, and all connections that the settings describe. Names are compared without case.</summary>
public sealed class ConnectionDirectory
{
    /// <summary>The connection that is meant where none is named.</summary>
    public const string DefaultName = "default";

    private readonly FrozenDictionary<string, IVendor> _vendors;
    private readonly FrozenDictionary<string, FrozenDictionary<string, VendorConnection>> _connections;
    private readonly FrozenDictionary<string, RefreshSchedule> _schedules;

    /// <summary>Lists what is known.</summary>
    /// <param name="vendors">Every registered vendor.</param>
    /// <param name="connections">Every connection.</param>
    /// <param name="schedules">Each vendor's schedule, by the vendor's name.</param>
    public ConnectionDirectory(
        IEnumerable<IVendor> vendors, IEnumerable<VendorConnection> connections, IReadOnlyDictionary<string, RefreshSchedule> schedules)
    {
        _vendors = vendors.ToFrozenDictionary(vendor => vendor.Name, StringComparer.OrdinalIgnoreCase);
        _schedules = schedules.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _connections = connections.GroupBy(target => target.Vendor.Name).ToFrozenDictionary(
            group => group.Key,
            group => group.ToFrozenDictionary(target => target.Connection.Key.Connection, StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every registered vendor, by name.</summary>
    public IEnumerable<IVendor> Vendors => _vendors.Values.OrderBy(vendor => vendor.Name, StringComparer.Ordinal);

    /// <summary>The vendor of that name; null if there is none.</summary>
    public IVendor? FindVendor(string name) => _vendors.GetValueOrDefault(name);

    /// <summary>The vendor's connection of that name; null if there is none.</summary>
    public VendorConnection? Find(IVendor vendor, string connection) => _connections.GetValueOrDefault(vendor.Name)?.GetValueOrDefault(connection);

    /// <summary>The vendor's connections, by name.</summary>
    public IReadOnlyList<VendorConnection> Of(IVendor vendor) =>
        _connections.TryGetValue(vendor.Name, out var connections)
            ? [.. connections.Values.OrderBy(target => target.Connection.Key.Connection, StringComparer.Ordinal)]
            : [];

    /// <summary>When the vendor's connections are swept.</summary>
    public RefreshSchedule ScheduleOf(IVendor vendor) => _schedules[vendor.Name];
}
