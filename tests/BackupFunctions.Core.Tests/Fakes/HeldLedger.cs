using BackupFunctions.Connections;
using BackupFunctions.Ledger;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A ledger that can hold a change.</summary>
internal sealed class HeldLedger(ILedger ledger) : ILedger
{
    private HeldCall? _held;

    /// <summary>The next change waits for the test.</summary>
    public HeldCall HoldsOnce() => _held = new HeldCall();

    public ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken) =>
        ledger.ReadAsync(key, newest, cancellationToken);

    public async ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Exchange(ref _held, null) is { } held)
        {
            await held.EnterAsync();
        }

        await ledger.UpdateAsync(key, change, cancellationToken);
    }

    public ValueTask<bool> TryUpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    ) => ledger.TryUpdateAsync(key, change, cancellationToken);

    public IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        CancellationToken cancellationToken
    ) => ledger.ReadChangedAsync(isWanted, cancellationToken);
}
