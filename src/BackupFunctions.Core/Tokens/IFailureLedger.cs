namespace BackupFunctions.Tokens;

/// <summary>Remembers how each connection's renewals went, so that all callers share one back-off.</summary>
public interface IFailureLedger
{
    /// <summary>What is known of a connection; <see cref="LedgerEntry.Empty"/> if nothing is.</summary>
    ValueTask<LedgerEntry> ReadAsync(ConnectionKey key, CancellationToken cancellationToken);

    /// <summary>Replaces what is known of a connection.</summary>
    ValueTask WriteAsync(ConnectionKey key, LedgerEntry entry, CancellationToken cancellationToken);
}
