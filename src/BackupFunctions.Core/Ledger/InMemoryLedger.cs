using System.Collections.Concurrent;
using BackupFunctions.Connections;

namespace BackupFunctions.Ledger;

/// <summary>The ledger of one process.</summary>
public sealed class InMemoryLedger : ILedger
{
    private readonly ConcurrentDictionary<ConnectionKey, LedgerEntry> _entries = new();

    /// <inheritdoc/>
    public ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_entries.GetValueOrDefault(key, LedgerEntry.Empty));

    /// <inheritdoc/>
    public ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        _entries.AddOrUpdate(
            key,
            static (_, change) => change(LedgerEntry.Empty),
            static (_, entry, change) => change(entry),
            change
        );
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryUpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        await UpdateAsync(key, change, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Nobody else changes them.</remarks>
    public IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        CancellationToken cancellationToken
    ) => AsyncEnumerable.Empty<(ConnectionKey, LedgerEntry)>();
}
