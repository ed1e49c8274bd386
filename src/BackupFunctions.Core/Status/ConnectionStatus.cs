using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Status;

/// <summary>The status of one connection; never a token or a secret.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Health">Its state in one word.</param>
/// <param name="Summary">Its state in a sentence for people.</param>
/// <param name="Token">The newest known token, even if expired; null if there is none or it must not be used.</param>
/// <param name="Entry">The connection's ledger entry.</param>
/// <param name="NextAttempt">
/// The earliest time of the next attempt; null if one may be made now or only an operator can help.
/// </param>
public sealed record ConnectionStatus(
    Connection Connection,
    ConnectionHealth Health,
    string Summary,
    TokenMetadata? Token,
    LedgerEntry Entry,
    DateTimeOffset? NextAttempt
)
{
    /// <summary>When the token's refresh window begins; null without a token.</summary>
    public DateTimeOffset? RenewFrom => Token?.RefreshAt(Connection.RefreshBefore);
}
