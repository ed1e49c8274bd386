using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Status;

/// <summary>How one connection is; never a token or a secret.</summary>
/// <param name="Target">Which connection.</param>
/// <param name="State">In one word.</param>
/// <param name="Summary">In a sentence for people.</param>
/// <param name="Token">The newest token that is known, also one that is over; null if none is, or it must not be used.</param>
/// <param name="Entry">What is on record.</param>
/// <param name="NextAttempt">Before this instant nothing is tried; null if nothing stands in the way, or only an operator helps.</param>
public sealed record ConnectionStatus(
    Connection Target,
    ConnectionHealth State,
    string Summary,
    TokenMetadata? Token,
    LedgerEntry Entry,
    DateTimeOffset? NextAttempt
)
{
    /// <summary>When the token's refresh window begins; null without a token.</summary>
    public DateTimeOffset? RenewFrom => Token?.RefreshAt(Target.RefreshBefore);
}
