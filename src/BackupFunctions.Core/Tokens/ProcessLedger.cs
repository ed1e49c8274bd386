using System.Collections.Concurrent;

namespace BackupFunctions.Tokens;

/// <summary>The ledger of one process.</summary>
public sealed class ProcessLedger : IFailureLedger
{
    private readonly ConcurrentDictionary<ConnectionKey, LedgerEntry> _entries = new();

    /// <inheritdoc/>
    public ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_entries.GetValueOrDefault(key, LedgerEntry.Empty));

    /// <inheritdoc/>
    public ValueTask WriteAsync(ConnectionKey key, LedgerEntry entry, CancellationToken cancellationToken)
    {
        _entries[key] = entry;
        return ValueTask.CompletedTask;
    }
}
