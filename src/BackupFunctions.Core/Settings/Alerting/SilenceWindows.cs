using BackupFunctions.Connections;

namespace BackupFunctions.Settings.Alerting;

/// <summary>Maintenance windows: until when no alert is sent for a vendor, or for one of its connections.</summary>
internal sealed class SilenceWindows
{
    private readonly Dictionary<string, DateTimeOffset> _vendors = new(StringComparer.Ordinal);
    private readonly Dictionary<ConnectionKey, DateTimeOffset> _connections = [];

    /// <summary>Silences a vendor.</summary>
    public void Add(string vendor, DateTimeOffset until) => _vendors[vendor] = until;

    /// <summary>Silences a connection.</summary>
    public void Add(ConnectionKey connection, DateTimeOffset until) => _connections[connection] = until;

    /// <summary>
    /// When the last window ends that a connection is in, also if that is over; null if it never was in one.
    /// </summary>
    public DateTimeOffset? UntilOf(ConnectionKey connection)
    {
        DateTimeOffset? ofVendor = _vendors.TryGetValue(connection.Vendor, out var until) ? until : null;
        DateTimeOffset? own = _connections.TryGetValue(connection, out until) ? until : null;
        return own > ofVendor || ofVendor is null ? own : ofVendor;
    }
}
