using System.Collections.Concurrent;
using BackupFunctions.Connections;

namespace BackupFunctions.State;

/// <summary>What this process knows of each connection that it was asked for. Thread-safe.</summary>
internal sealed class ConnectionStates : IConnectionListener
{
    private readonly ConcurrentDictionary<ConnectionKey, ConnectionState> _states = new();

    /// <summary>The state of a connection: a new one if nothing is known of it as it is defined now.</summary>
    public ConnectionState Of(Connection connection) =>
        Find(connection)
        ?? _states.AddOrUpdate(
            connection.Key,
            static (_, connection) => new ConnectionState(connection),
            static (_, known, connection) =>
                known.Connection == connection ? known : new ConnectionState(connection, known),
            connection
        );

    /// <summary>The state of a connection as it is defined now; null if nothing is known.</summary>
    public ConnectionState? Find(Connection connection) =>
        Find(connection.Key) is { } state && state.Connection == connection ? state : null;

    /// <summary>The state of whatever connection has that name; null if nothing is known.</summary>
    public ConnectionState? Find(ConnectionKey key) => _states.GetValueOrDefault(key);

    /// <summary>Whether this process has, or had, a token of the connection in memory.</summary>
    public bool Contains(ConnectionKey key) => _states.ContainsKey(key);

    /// <summary>
    /// The clock was ahead, and right up to an instant: stops serving what was issued after it, because it may expire
    /// earlier. What the vault has of it is read again.
    /// </summary>
    /// <returns>The connections whose last failure was recorded after it.</returns>
    public IReadOnlyList<ConnectionKey> SetBack(DateTimeOffset rightUpTo, TimeSpan by) =>
        [.. _states.Values.Where(state => state.SetBack(rightUpTo, by)).Select(state => state.Connection.Key)];

    /// <inheritdoc/>
    /// <remarks>What is under way for the connection ends by itself, and is saved.</remarks>
    public void Removed(Connection connection, bool isReplaced)
    {
        if (!isReplaced && Find(connection) is { Renewals.IsBusy: false } state)
        {
            _states.TryRemove(KeyValuePair.Create(connection.Key, state));
        }
    }
}
