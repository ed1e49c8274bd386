using System.Runtime.CompilerServices;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A ledger that always reports the world's one entry as changed.</summary>
internal sealed class EverChanging(ILedger ledger) : ILedger
{
    public ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, bool newest, CancellationToken cancellationToken) =>
        ledger.ReadAsync(key, newest, cancellationToken);

    public ValueTask UpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    ) => ledger.UpdateAsync(key, change, cancellationToken);

    public ValueTask<bool> TryUpdateAsync(
        ConnectionKey key,
        Func<LedgerEntry, LedgerEntry> change,
        CancellationToken cancellationToken
    ) => ledger.TryUpdateAsync(key, change, cancellationToken);

    public async IAsyncEnumerable<(ConnectionKey Key, LedgerEntry Entry)> ReadChangedAsync(
        Func<ConnectionKey, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var key = new ConnectionKey(FakeVendor.VendorName, "default");
        Assert.True(isWanted(key));
        Assert.False(isWanted(key with { Connection = "other" }));
        yield return (key, await ledger.ReadAsync(key, newest: true, cancellationToken));
    }
}
