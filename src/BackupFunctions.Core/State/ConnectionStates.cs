using System.Collections.Concurrent;
using BackupFunctions.Connections;

namespace BackupFunctions.State;

/// <summary>What this process knows of each connection that it was asked for. Thread-safe.</summary>
internal sealed class ConnectionStates
{
    private readonly ConcurrentDictionary<ConnectionKey, ConnectionState> _sessions = new();

    /// <summary>The session of a connection, begun where there is none; anew where the connection is defined otherwise than it was.</summary>
    public ConnectionState Of(VendorConnection target) =>
        Find(target)
        ?? _sessions.AddOrUpdate(
            target.Connection.Key,
            static (_, target) => new ConnectionState(target.Connection, target.Vendor),
            static (_, known, target) =>
                known.Connection == target.Connection
                    ? known
                    : new ConnectionState(target.Connection, target.Vendor, known),
            target
        );

    /// <summary>The session of a connection as it is defined now; null if nothing is known.</summary>
    public ConnectionState? Find(VendorConnection target) =>
        Find(target.Connection.Key) is { } session && session.Connection == target.Connection ? session : null;

    /// <summary>The session of whatever connection has that name; null if nothing is known.</summary>
    public ConnectionState? Find(ConnectionKey key) => _sessions.GetValueOrDefault(key);

    /// <summary>Whether this process has a token of the connection in memory, or had.</summary>
    public bool Contains(ConnectionKey key) => _sessions.ContainsKey(key);

    /// <summary>Keeps nothing in memory for a connection that is gone. What is under way for it ends by itself, and is saved.</summary>
    public void Forget(VendorConnection target)
    {
        if (Find(target) is { IsRenewing: false } session)
        {
            _sessions.TryRemove(KeyValuePair.Create(target.Connection.Key, session));
        }
    }
}
