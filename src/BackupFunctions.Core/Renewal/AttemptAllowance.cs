using BackupFunctions.Ledger;

namespace BackupFunctions.Renewal;

/// <summary>What one attempt to sign in may do.</summary>
/// <param name="Entry">The record that it was allowed by.</param>
/// <param name="RefusalsLeft">
/// How often the vendor may refuse credentials before the account is left alone. Zero if none may be sent, only a refresh token.
/// </param>
/// <param name="CountedAt">
/// When the attempt was counted as a refusal in advance, so that one that is killed does not go uncounted; null if it was not.
/// </param>
internal sealed record AttemptAllowance(LedgerEntry Entry, int RefusalsLeft, DateTimeOffset? CountedAt);
