using System.Collections.Frozen;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>Every connection at one instant. Immutable.</summary>
internal sealed class ConnectionSnapshot
{
    private readonly FrozenDictionary<string, OfVendor> _vendors;

    public ConnectionSnapshot(IReadOnlyList<VendorConnection> connections) =>
        _vendors = connections
            .GroupBy(target => target.Vendor.Name)
            .ToFrozenDictionary(group => group.Key, group => new OfVendor(group), StringComparer.OrdinalIgnoreCase);

    public VendorConnection? Find(IVendor vendor, string connection) =>
        _vendors.GetValueOrDefault(vendor.Name)?.ByName.GetValueOrDefault(connection);

    /// <summary>By name.</summary>
    public IReadOnlyList<VendorConnection> Of(IVendor vendor) => _vendors.GetValueOrDefault(vendor.Name)?.Sorted ?? [];

    private sealed class OfVendor(IEnumerable<VendorConnection> connections)
    {
        public IReadOnlyList<VendorConnection> Sorted { get; } =
        [.. connections.OrderBy(target => target.Connection.Key.Connection, StringComparer.Ordinal)];

        public FrozenDictionary<string, VendorConnection> ByName { get; } =
            connections.ToFrozenDictionary(
                target => target.Connection.Key.Connection,
                StringComparer.OrdinalIgnoreCase
            );
    }
}
