using System.Collections.Frozen;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>Every connection at one instant. Immutable.</summary>
internal sealed class ConnectionSnapshot
{
    private readonly FrozenDictionary<string, OfVendor> _vendors;

    public ConnectionSnapshot(IReadOnlyList<Connection> connections) =>
        _vendors = connections
            .GroupBy(target => target.Vendor.Name)
            .ToFrozenDictionary(group => group.Key, group => new OfVendor(group), StringComparer.OrdinalIgnoreCase);

    public Connection? Find(VendorProfile vendor, string connection) =>
        _vendors.GetValueOrDefault(vendor.Name)?.ByName.GetValueOrDefault(connection);

    /// <summary>By name.</summary>
    public IReadOnlyList<Connection> Of(VendorProfile vendor) => _vendors.GetValueOrDefault(vendor.Name)?.Sorted ?? [];

    private sealed class OfVendor(IEnumerable<Connection> connections)
    {
        public IReadOnlyList<Connection> Sorted { get; } =
        [.. connections.OrderBy(target => target.Key.Connection, StringComparer.Ordinal)];

        public FrozenDictionary<string, Connection> ByName { get; } =
            connections.ToFrozenDictionary(target => target.Key.Connection, StringComparer.OrdinalIgnoreCase);
    }
}
