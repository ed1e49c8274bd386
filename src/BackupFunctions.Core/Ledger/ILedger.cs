using BackupFunctions.Connections;

namespace BackupFunctions.Ledger;

/// <summary>
/// Remembers how each connection's renewals went, so that all callers share one back-off. No method throws for its
/// storage's sake: while that is away, what this process knows has to do.
/// </summary>
public interface ILedger
{
    /// <summary>What is known of a connection.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="newest">
    /// Whether what another process wrote a moment ago must be seen; false if something a second old will do.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see cref="LedgerEntry.Empty"/> if nothing is known.</returns>
    ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken);

    /// <summary>Changes what is known of a connection.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="change">Makes the new entry from the newest; called again if another process was faster.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    );

    /// <summary>Changes what all processes know of a connection. If that is not possible, nothing is changed.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="change">As in <see cref="UpdateAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if storage did not confirm the change.</returns>
    ValueTask<bool> TryUpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    );

    /// <summary>What is known of many connections, for somebody who looks at all of them now and then.</summary>
    /// <param name="keys">Which connections.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An entry for each; what other processes changed may be some seconds old.</returns>
    async ValueTask<IReadOnlyDictionary<ConnectionKey, LedgerEntry>> ReadAllAsync(
        IReadOnlyCollection<ConnectionKey> keys,
        CancellationToken cancellationToken
    )
    {
        var entries = new Dictionary<ConnectionKey, LedgerEntry>(keys.Count);
        foreach (var key in keys)
        {
            entries[key] = await ReadAsync(key, newest: false, cancellationToken);
        }

        return entries;
    }

    /// <summary>The entries that changed since this was last asked.</summary>
    /// <param name="isWanted">Whether a connection's entry is of interest: only those are read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        CancellationToken cancellationToken
    );
}
