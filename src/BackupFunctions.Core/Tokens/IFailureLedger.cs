namespace BackupFunctions.Tokens;

/// <summary>
/// Remembers how each connection's renewals went, so that all callers share one back-off. No method throws for its storage's
/// sake: while that is away, what this process knows has to do.
/// </summary>
public interface IFailureLedger
{
    /// <summary>What is known of a connection.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="newest">Whether what another process wrote a moment ago must be seen; false if something a second old will do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see cref="LedgerEntry.Empty"/> if nothing is known.</returns>
    ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken);

    /// <summary>Changes what is known of a connection.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="change">Makes the new entry from the newest; called again if another process was faster.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask UpdateAsync(ConnectionKey key, Func<LedgerEntry, LedgerEntry> change, CancellationToken cancellationToken);

    /// <summary>The entries that changed since this was last asked.</summary>
    /// <param name="isWanted">Whether a connection's entry is of interest: only those are read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(Func<ConnectionKey, bool> isWanted, CancellationToken cancellationToken);
}
