using BackupFunctions.History;

namespace BackupFunctions.Ledger;

public sealed partial record LedgerEntry
{
    /// <summary>
    /// Merges two records that were written apart while storage was unavailable: what happened last counts, and what
    /// must not be forgotten (refusals, rejected tokens, used codes, a refresh token that is dead or may be spent) is
    /// taken from both.
    /// </summary>
    /// <param name="other">What one process recorded meanwhile, on top of this record or an older one.</param>
    internal LedgerEntry MergedWith(LedgerEntry other)
    {
        var (older, newer) = other.LatestEvent >= LatestEvent ? (this, other) : (other, this);
        var (signedOutAt, signedInAt) = (Later(SignedOutAt, other.SignedOutAt), Later(SignedInAt, other.SignedInAt));
        return newer with
        {
            SignedOutAt = signedInAt > signedOutAt ? null : signedOutAt,
            SignedInAt = signedInAt,
            LastSuccess = Later(LastSuccess, other.LastSuccess),
            DoubtfulRefreshToken = newer.DoubtfulRefreshToken ?? older.DoubtfulRefreshToken,
            DeadRefreshToken = newer.DeadRefreshToken ?? older.DeadRefreshToken,
            UnsavedSeenAt =
                older.SpentRefreshToken == newer.SpentRefreshToken
                    ? Later(UnsavedSeenAt, other.UnsavedSeenAt)
                    : newer.UnsavedSeenAt,
            Token = other.Token?.IssuedAt > Token?.IssuedAt || Token is null ? other.Token : Token,
            Refusals = [.. Both(Refusals, other.Refusals)],
            Rejected = LatestOf(Rejected, other.Rejected),
            OneTimeCodeStep = Later(OneTimeCodeStep, other.OneTimeCodeStep),
            Incident = Incident.Merge(newer.Incident, older.Incident, newer.LastSuccess),
            History = ConnectionHistory.Merge(History, other.History),
        };
    }

    /// <summary>Whether nothing was tried between two records, so that what one allows the other allows too.</summary>
    internal bool AllowsTheSameAs(LedgerEntry other) =>
        (IsAlone, LastSuccess, LastFailureAt, FailuresInRow, NextAttempt, RefusedCredentialVersion, SignedOutAt)
            == (
                other.IsAlone,
                other.LastSuccess,
                other.LastFailureAt,
                other.FailuresInRow,
                other.NextAttempt,
                other.RefusedCredentialVersion,
                other.SignedOutAt
            )
        && Refusals.SequenceEqual(other.Refusals);

    /// <summary>
    /// The instants of both lists. An attempt may meet two refusals, so an instant may be in a list twice.
    /// </summary>
    private static IEnumerable<DateTimeOffset> Both(
        IReadOnlyList<DateTimeOffset> one,
        IReadOnlyList<DateTimeOffset> other
    ) =>
        one.Union(other)
            .Order()
            .SelectMany(instant =>
                Enumerable.Repeat(instant, Math.Max(one.Count(instant.Equals), other.Count(instant.Equals)))
            );

    /// <summary>The latest of two short lists, so that neither pushes out the other.</summary>
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
