using BackupFunctions.Connections;

namespace BackupFunctions.Ledger;

/// <summary>
/// Hears of connections that fail or are well again. It holds nobody up: what it does about it, it does later.
/// </summary>
internal interface IIncidentListener
{
    /// <summary>A connection's record was changed, or looked at while an incident is on.</summary>
    /// <param name="connection">Which connection.</param>
    /// <param name="entry">Its record.</param>
    void Heard(ConnectionKey connection, LedgerEntry entry);
}
