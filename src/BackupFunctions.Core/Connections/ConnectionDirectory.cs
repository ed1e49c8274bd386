using System.Collections.Frozen;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>
/// All vendors and all connections: those in the settings, which never change, and those of an <see
/// cref="IConnectionSource"/>, which come and go. Names are case-insensitive. A look-up reads one immutable snapshot.
/// </summary>
public sealed class ConnectionDirectory
{
    /// <summary>The connection that is meant where none is named.</summary>
    public const string DefaultName = "default";

    private readonly FrozenDictionary<string, VendorProfile> _vendors;
    private readonly FrozenDictionary<ConnectionKey, MisconfiguredConnection> _misconfigured;
    private readonly IReadOnlyList<Connection> _ofSettings;
    private IReadOnlyList<Connection> _ofSource = [];
    private volatile ConnectionSnapshot _snapshot;

    /// <summary>Lists what is known at the start.</summary>
    /// <param name="vendors">Every registered vendor.</param>
    /// <param name="connections">Every connection of the settings that can be used.</param>
    /// <param name="misconfigured">Every connection of the settings that cannot.</param>
    public ConnectionDirectory(
        IEnumerable<VendorProfile> vendors,
        IEnumerable<Connection> connections,
        IEnumerable<MisconfiguredConnection>? misconfigured = null
    )
    {
        _misconfigured = (misconfigured ?? []).ToFrozenDictionary(wrong => wrong.Key);
        _vendors = vendors.ToFrozenDictionary(vendor => vendor.Name, StringComparer.OrdinalIgnoreCase);
        _ofSettings = [.. connections];
        _snapshot = new ConnectionSnapshot(_ofSettings);
    }

    /// <summary>Every registered vendor, by name.</summary>
    public IEnumerable<VendorProfile> Vendors => _vendors.Values.OrderBy(vendor => vendor.Name, StringComparer.Ordinal);

    /// <summary>The connections whose settings are wrong, by vendor and name.</summary>
    public IEnumerable<MisconfiguredConnection> Misconfigured =>
        _misconfigured.Values.OrderBy(wrong => wrong.Key.ToString(), StringComparer.Ordinal);

    /// <summary>The vendor of that name; null if there is none.</summary>
    public VendorProfile? FindVendor(string name) => _vendors.GetValueOrDefault(name);

    /// <summary>The vendor's connection of that name; null if there is none.</summary>
    public Connection? Find(VendorProfile vendor, string connection) => _snapshot.Find(vendor, connection);

    /// <summary>The vendor's connection of that name whose settings are wrong; null if there is none.</summary>
    public MisconfiguredConnection? FindMisconfigured(VendorProfile vendor, string connection) =>
        _misconfigured.GetValueOrDefault(new ConnectionKey(vendor.Name, connection.ToLowerInvariant()));

    /// <summary>The vendor's connections, by name.</summary>
    public IReadOnlyList<Connection> Of(VendorProfile vendor) => _snapshot.Of(vendor);

    /// <summary>Takes over what the source defines now, besides the settings. Called by one at a time.</summary>
    /// <param name="connections">
    /// None of them has the key of a connection in the settings, or of another one of them.
    /// </param>
    /// <returns>The connections that are gone or defined anew.</returns>
    internal IReadOnlyList<Connection> Replace(IReadOnlyList<Connection> connections)
    {
        if (connections.SequenceEqual(_ofSource, ReferenceEqualityComparer.Instance))
        {
            return [];
        }

        var gone = _ofSource.Except<Connection>(connections, ReferenceEqualityComparer.Instance).ToList();
        _ofSource = connections;
        _snapshot = new ConnectionSnapshot([.. _ofSettings, .. connections]);
        return gone;
    }
}
