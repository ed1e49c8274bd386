using BackupFunctions.Connections;
using BackupFunctions.History;
using BackupFunctions.Tokens;

namespace BackupFunctions.Ledger;

/// <summary>What the record has to know of a token that was granted.</summary>
/// <param name="Token">The token.</param>
/// <param name="ByOperator">Whether an operator asked for it, which ends a sign-out.</param>
internal sealed record GrantedToken(TokenMetadata Token, bool ByOperator)
{
    /// <summary>The versions of the credentials that were used; empty if none was read.</summary>
    public string CredentialVersion { get; init; } = "";

    /// <summary>When the first of them expires; null if none does.</summary>
    public DateTimeOffset? CredentialExpiresAt { get; init; }

    /// <summary>
    /// The newest version of a certificate that the vendor refused, so that an older one was used; null if there is
    /// none.
    /// </summary>
    public string? UnregisteredCertificate { get; init; }

    /// <summary>The fingerprint of the refresh token that was granted; null if there was none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The fingerprint of the refresh token that was spent; null if there was none.</summary>
    public string? ReplacedRefreshToken { get; init; }

    /// <summary>Whether the vault has not accepted the new refresh token yet.</summary>
    public bool IsRefreshTokenPending { get; init; }

    /// <summary>What or who had the attempt made.</summary>
    public Cause Cause { get; init; }

    public bool HasReadCredentials => CredentialVersion.Length > 0;
}

/// <summary>What the record has to know of an attempt that failed.</summary>
/// <param name="Connection">Which connection.</param>
/// <param name="Failure">Why.</param>
internal sealed record FailedAttempt(ConnectionKey Connection, TokenFailure Failure)
{
    /// <summary>When the next attempt is due; null if it may be made at once.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>
    /// The versions of the credentials that must change before the next attempt; null if that would not help.
    /// </summary>
    public string? RefusedCredentialVersion { get; init; }

    /// <summary>The fingerprint of a refresh token that was sent without an answer; null if there is none.</summary>
    public string? DoubtfulRefreshToken { get; init; }

    /// <summary>What or who had the attempt made.</summary>
    public Cause Cause { get; init; }
}

/// <summary>The refusals of one attempt: those it met, which replace the ones that were reserved for it.</summary>
/// <param name="Reserved">The instants recorded before it was known whether there would be refusals.</param>
/// <param name="Met">How many there were.</param>
internal readonly record struct AttemptRefusals(IReadOnlyCollection<DateTimeOffset> Reserved, int Met)
{
    /// <summary>How long a refusal counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The refusals of the last hour once the attempt has ended.</summary>
    public IReadOnlyList<DateTimeOffset> AppliedTo(IReadOnlyList<DateTimeOffset> recorded, DateTimeOffset now)
    {
        List<DateTimeOffset> refusals = [.. recorded];
        foreach (var reserved in Reserved)
        {
            refusals.Remove(reserved);
        }

        refusals.RemoveAll(refusal => refusal <= now - Window);
        refusals.AddRange(Enumerable.Repeat(now, Met));
        refusals.Sort();
        return refusals;
    }
}
