using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Ledger;

/// <summary>What is remembered of a connection's renewals; never a token, a secret or a vendor's body.</summary>
public sealed record LedgerEntry
{
    /// <summary>How many rejected tokens are remembered here: as many as the brake on rejections lets through in a quarter of an hour.</summary>
    public const int RejectedKept = 32;

    /// <summary>A connection of which nothing is known.</summary>
    public static LedgerEntry Empty { get; } = new();

    /// <summary>When a token was last obtained from the vendor.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>What is told of the token of that success; null if it was noted by a version that told nothing.</summary>
    public TokenMetadata? Token { get; init; }

    /// <summary>When the first of the connection's credentials ends, as last seen; null if none does, or nobody has looked.</summary>
    public DateTimeOffset? CredentialExpiresAt { get; init; }

    /// <summary>Why the last attempt failed; null after a success.</summary>
    public TokenFailure? LastFailure { get; init; }

    /// <summary>When the last attempt failed.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>How many attempts failed since the last success.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>Before this instant nothing is tried, unless an operator says so; null if nothing stands in the way.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The credential versions that the last success was obtained with.</summary>
    public string? CredentialVersion { get; init; }

    /// <summary>
    /// The credential versions that were refused: another version lifts the hold before <see cref="NextAttempt"/>. After a success, the
    /// newest version of a certificate that is not registered at the vendor yet, so that an older one had to do.
    /// </summary>
    public string? RefusedCredentialVersion { get; init; }

    /// <summary>The fingerprint of a refresh token that was sent and never answered: it is probably spent.</summary>
    public string? DoubtfulRefreshToken { get; init; }

    /// <summary>
    /// The fingerprint of the refresh token that the last success spent, if the vault has not taken its successor: the process that obtained
    /// it has it in memory, and nobody else may send the spent one, which vendors take for a theft.
    /// </summary>
    public string? SpentRefreshToken { get; init; }

    /// <summary>When the process with that successor in memory last said that it still tries to save it; null if it has not had to yet.</summary>
    public DateTimeOffset? UnsavedSeenAt { get; init; }

    /// <summary>When an operator signed the connection out; null if it is signed in.</summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>When an operator's renewal or enrolment last worked: it ends a sign-out before it, and nothing else does.</summary>
    public DateTimeOffset? SignedInAt { get; init; }

    /// <summary>
    /// When the vendor lately refused the credentials; also when a sign-in began of which nobody knows how it ended. Vendors lock
    /// accounts by such a count.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Refusals { get; init; } = [];

    /// <summary>The fingerprints of saved tokens that the vendor answered with 401, the latest last.</summary>
    public IReadOnlyList<string> Rejected { get; init; } = [];

    /// <summary>The latest time step (RFC 6238) whose one-time code was used: a step is used once.</summary>
    public long? OneTimeCodeStep { get; init; }

    /// <summary>The failures that are going on, or of which operators must still be told that they are over; null if all is well.</summary>
    public Incident? Incident { get; init; }

    /// <summary>How many refusals there were since an instant.</summary>
    public int RefusalsSince(DateTimeOffset instant) => Refusals.Count(refusal => refusal > instant);

    /// <summary>Until when the account is left alone, because its credentials were refused too often within an hour; null if it is not.</summary>
    public DateTimeOffset? LeftAloneUntil(DateTimeOffset now) =>
        RefusalsSince(now - RenewalRules.RefusalWindow) >= RenewalRules.MostRefusals
            ? Refusals[^RenewalRules.MostRefusals] + RenewalRules.RefusalWindow
            : null;

    /// <summary>The entry with one more rejected token.</summary>
    public LedgerEntry WithRejected(string fingerprint) =>
        Rejected.Contains(fingerprint)
            ? this
            : this with
            {
                Rejected = [.. Rejected.Append(fingerprint).TakeLast(RejectedKept)],
            };

    /// <summary>Whether an attempt that one entry allowed is still allowed by the other: nothing was tried between them.</summary>
    public bool IsAsOldAs(LedgerEntry other) =>
        (LastSuccess, LastFailureAt, FailuresInRow, NextAttempt, RefusedCredentialVersion, SignedOutAt)
            == (
                other.LastSuccess,
                other.LastFailureAt,
                other.FailuresInRow,
                other.NextAttempt,
                other.RefusedCredentialVersion,
                other.SignedOutAt
            )
        && Refusals.SequenceEqual(other.Refusals);

    /// <summary>
    /// One entry from two that were written apart, while their storage was away: what happened last counts, and what must not be
    /// forgotten (refusals, rejected tokens, used codes, a refresh token that may be spent) is taken from both.
    /// </summary>
    /// <param name="other">What one process noted meanwhile, over an entry like this one or an older one.</param>
    public LedgerEntry MergedWith(LedgerEntry other)
    {
        var (older, newer) = other.LatestEvent >= LatestEvent ? (this, other) : (other, this);
        var (signedOutAt, signedInAt) = (Later(SignedOutAt, other.SignedOutAt), Later(SignedInAt, other.SignedInAt));
        return newer with
        {
            SignedOutAt = signedInAt > signedOutAt ? null : signedOutAt,
            SignedInAt = signedInAt,
            LastSuccess = Later(LastSuccess, other.LastSuccess),
            DoubtfulRefreshToken = newer.DoubtfulRefreshToken ?? older.DoubtfulRefreshToken,
            UnsavedSeenAt =
                older.SpentRefreshToken == newer.SpentRefreshToken
                    ? Later(UnsavedSeenAt, other.UnsavedSeenAt)
                    : newer.UnsavedSeenAt,
            Token = other.Token?.IssuedAt > Token?.IssuedAt || Token is null ? other.Token : Token,
            Refusals = [.. Both(Refusals, other.Refusals)],
            Rejected = LatestOf(Rejected, other.Rejected),
            OneTimeCodeStep = Later(OneTimeCodeStep, other.OneTimeCodeStep),
            Incident = Incident.Merge(newer.Incident, older.Incident, newer.LastSuccess),
        };
    }

    /// <summary>The instants of both lists. One attempt may have met two refusals, so that an instant stands in a list twice.</summary>
    private static IEnumerable<DateTimeOffset> Both(
        IReadOnlyList<DateTimeOffset> one,
        IReadOnlyList<DateTimeOffset> other
    ) =>
        one.Union(other)
            .Order()
            .SelectMany(instant =>
                Enumerable.Repeat(instant, Math.Max(one.Count(instant.Equals), other.Count(instant.Equals)))
            );

    /// <summary>The latest of two lists that were both kept short: neither pushes out the other.</summary>
    private static IReadOnlyList<string> LatestOf(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        [
            .. Enumerable
                .Range(1, RejectedKept)
                .SelectMany(back => one.TakeLast(back).Take(1).Concat(other.TakeLast(back).Take(1)))
                .Distinct()
                .Take(RejectedKept)
                .Reverse(),
        ];

    private DateTimeOffset LatestEvent =>
        new[] { LastSuccess, LastFailureAt, SignedOutAt }.Max() ?? DateTimeOffset.MinValue;

    private static T? Later<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is null || (other is not null && other.Value.CompareTo(one.Value) > 0) ? other : one;
}
