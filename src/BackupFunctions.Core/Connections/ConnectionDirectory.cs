using System.Collections.Frozen;
using BackupFunctions.Renewal;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>
/// All vendors, and all connections: those of the settings, which never change, and those of a <see cref="IConnectionSource"/>,
/// which come and go. Names are compared without case. A look-up reads one immutable snapshot.
/// </summary>
public sealed class ConnectionDirectory
{
    /// <summary>The connection that is meant where none is named.</summary>
    public const string DefaultName = "default";

    private readonly FrozenDictionary<string, IVendor> _vendors;
    private readonly FrozenDictionary<string, RefreshSchedule> _schedules;
    private readonly IReadOnlyDictionary<string, int> _concurrency;
    private readonly IReadOnlyList<VendorConnection> _ofSettings;
    private IReadOnlyList<VendorConnection> _ofSource = [];
    private volatile ConnectionSnapshot _snapshot;

    /// <summary>Lists what is known at the start.</summary>
    /// <param name="vendors">Every registered vendor.</param>
    /// <param name="connections">Every connection of the settings.</param>
    /// <param name="schedules">Each vendor's schedule, by the vendor's name.</param>
    /// <param name="concurrency">How many connections a sweep renews at once, by the vendor's name, where a setting says so.</param>
    public ConnectionDirectory(
        IEnumerable<IVendor> vendors,
        IEnumerable<VendorConnection> connections,
        IReadOnlyDictionary<string, RefreshSchedule> schedules,
        IReadOnlyDictionary<string, int>? concurrency = null
    )
    {
        _concurrency = concurrency ?? FrozenDictionary<string, int>.Empty;
        _vendors = vendors.ToFrozenDictionary(vendor => vendor.Name, StringComparer.OrdinalIgnoreCase);
        _schedules = schedules.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _ofSettings = [.. connections];
        _snapshot = new ConnectionSnapshot(_ofSettings);
    }

    /// <summary>Tells of connections that are gone or have become others, so that what is kept for them can go too.</summary>
    internal Action<IReadOnlyList<VendorConnection>>? OnGone { get; set; }

    /// <summary>Every registered vendor, by name.</summary>
    public IEnumerable<IVendor> Vendors => _vendors.Values.OrderBy(vendor => vendor.Name, StringComparer.Ordinal);

    /// <summary>The vendor of that name; null if there is none.</summary>
    public IVendor? FindVendor(string name) => _vendors.GetValueOrDefault(name);

    /// <summary>The vendor's connection of that name; null if there is none.</summary>
    public VendorConnection? Find(IVendor vendor, string connection) => _snapshot.Find(vendor, connection);

    /// <summary>The vendor's connections, by name.</summary>
    public IReadOnlyList<VendorConnection> Of(IVendor vendor) => _snapshot.Of(vendor);

    /// <summary>When the vendor's connections are swept.</summary>
    public RefreshSchedule ScheduleOf(IVendor vendor) => _schedules[vendor.Name];

    /// <summary>How many of the vendor's connections a sweep renews at once.</summary>
    public int ConcurrencyOf(IVendor vendor) =>
        _concurrency.TryGetValue(vendor.Name, out var set) ? set : vendor.RefreshConcurrency;

    /// <summary>Takes over what the source knows now, beside the settings. Called by one at a time.</summary>
    /// <param name="connections">None of them has the key of a connection of the settings, or of another one of them.</param>
    internal void Replace(IReadOnlyList<VendorConnection> connections)
    {
        if (connections.SequenceEqual(_ofSource, ReferenceEqualityComparer.Instance))
        {
            return;
        }

        var gone = _ofSource.Except<VendorConnection>(connections, ReferenceEqualityComparer.Instance).ToList();
        _ofSource = connections;
        _snapshot = new ConnectionSnapshot([.. _ofSettings, .. connections]);
        if (gone.Count > 0)
        {
            OnGone?.Invoke(gone);
        }
    }
}
