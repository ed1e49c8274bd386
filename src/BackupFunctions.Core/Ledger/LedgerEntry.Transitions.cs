using BackupFunctions.History;
using BackupFunctions.Tokens;

namespace BackupFunctions.Ledger;

public sealed partial record LedgerEntry
{
    /// <summary>How precisely a clock that was put right is known to be right.</summary>
    internal static readonly TimeSpan ClockPrecision = TimeSpan.FromSeconds(2);

    /// <summary>After a token was granted.</summary>
    internal LedgerEntry AfterSuccess(GrantedToken grant, AttemptRefusals refusals, DateTimeOffset now) =>
        this with
        {
            LastSuccess = now,
            Token = grant.Token,
            LastFailure = null,
            LastFailureAt = null,
            FailuresInRow = 0,
            NextAttempt = null,
            CredentialExpiresAt = grant.HasReadCredentials ? grant.CredentialExpiresAt : CredentialExpiresAt,
            CredentialVersion = grant.HasReadCredentials ? grant.CredentialVersion : CredentialVersion,
            RefusedCredentialVersion = grant.UnregisteredCertificate,
            DoubtfulRefreshToken = null,
            DeadRefreshToken = grant.RefreshToken == DeadRefreshToken ? null : DeadRefreshToken,
            SpentRefreshToken = grant.IsRefreshTokenPending ? grant.ReplacedRefreshToken ?? SpentRefreshToken : null,
            UnsavedSeenAt = null,
            SignedOutAt = grant.ByOperator ? null : SignedOutAt,
            SignedInAt = grant.ByOperator ? now : SignedInAt,

            // Only what an operator has fixed starts afresh: a vendor may go on counting although the credentials
            // worked in between.
            Refusals = grant.ByOperator ? [] : refusals.AppliedTo(Refusals, now),
            Incident = Incident?.AfterSuccess(now),
            History =
                grant.ByOperator || SignedOutAt is null
                    ? HistoryWith(HistoryOutcome.Renewed, grant.Cause, now)
                    : History,
        };

    /// <summary>After an attempt failed.</summary>
    internal LedgerEntry AfterFailure(FailedAttempt attempt, AttemptRefusals refusals, DateTimeOffset now) =>
        this with
        {
            LastFailure = attempt.Failure,
            LastFailureAt = now,
            FailuresInRow = FailuresInRow + 1,
            NextAttempt = attempt.NextAttempt,
            RefusedCredentialVersion = attempt.RefusedCredentialVersion,
            DoubtfulRefreshToken = attempt.DoubtfulRefreshToken,
            Refusals = refusals.AppliedTo(Refusals, now),
            Incident = Incident.AfterFailure(Incident, attempt.Connection, now),
            History = HistoryWith(HistoryOutcome.Of(attempt.Failure.Kind), attempt.Cause, now),
        };

    /// <summary>
    /// After an attempt that says nothing of the next one: the lock was lost, or a person mistyped a code. What was
    /// sent and refused counts.
    /// </summary>
    internal LedgerEntry AfterAbandonedAttempt(
        string? doubtfulRefreshToken,
        AttemptRefusals refusals,
        DateTimeOffset now
    ) => this with { DoubtfulRefreshToken = doubtfulRefreshToken, Refusals = refusals.AppliedTo(Refusals, now) };

    /// <summary>With an attempt that failed and says nothing of the next one: a person mistyped a code.</summary>
    internal LedgerEntry WithAside(FailureKind kind, Cause cause, DateTimeOffset now) =>
        this with
        {
            History = (History ?? ConnectionHistory.Empty).WithAside(
                new HistoryEvent(now, HistoryOutcome.Of(kind), cause)
            ),
        };

    /// <summary>After an operator signed the connection out.</summary>
    /// <param name="now">When.</param>
    /// <param name="name">Who it was; null if that is not known.</param>
    internal LedgerEntry AfterSignOut(DateTimeOffset now, string? name = null) =>
        this with
        {
            SignedOutAt = SignedOutAt ?? now,
            Token = null,
            DoubtfulRefreshToken = null,

            // A sign-out is recorded twice: at once, and in its turn.
            History = SignedOutAt is null
                ? HistoryWith(HistoryOutcome.SignedOut, new Cause(CauseKind.SignOut, name), now)
                : History,
        };

    /// <summary>With refusals that may yet happen, so that a killed process does not leave them uncounted.</summary>
    internal LedgerEntry WithReserved(IReadOnlyList<DateTimeOffset> refusals) =>
        this with
        {
            Refusals = [.. Refusals.Concat(refusals).Order()],
        };

    /// <summary>
    /// By a clock that was ahead, and right up to an instant: what it recorded after that was as much earlier. A wait
    /// ends rather too late, since the clock was put right by one that shows whole seconds.
    /// </summary>
    internal LedgerEntry SetBack(DateTimeOffset rightUpTo, TimeSpan by) =>
        LastFailureAt > rightUpTo
            ? this with
            {
                LastFailureAt = LastFailureAt - by,
                NextAttempt = NextAttempt - by + ClockPrecision,
                History = History?.SetBack(rightUpTo, by),
            }
            : this;

    /// <summary>With one more rejected token.</summary>
    internal LedgerEntry WithRejected(string fingerprint) =>
        Rejected.Contains(fingerprint)
            ? this
            : this with
            {
                Rejected = [.. Rejected.Append(fingerprint).TakeLast(RejectedKept)],
            };

    /// <summary>With a refresh token that must never be sent again.</summary>
    internal LedgerEntry WithDeadRefreshToken(string fingerprint) =>
        DeadRefreshToken == fingerprint ? this : this with { DeadRefreshToken = fingerprint };

    /// <summary>With a time step whose one-time code is used.</summary>
    internal LedgerEntry WithOneTimeCodeStep(long step) =>
        OneTimeCodeStep >= step ? this : this with { OneTimeCodeStep = step };

    /// <summary>With a sign of life of the process that has the successor of a spent refresh token in memory.</summary>
    internal LedgerEntry WithUnsavedSeen(DateTimeOffset now) =>
        SpentRefreshToken is null ? this : this with { UnsavedSeenAt = now };

    /// <summary>
    /// With the expiry of the credentials in the vault, unless a refused version or an older certificate is in use.
    /// </summary>
    internal LedgerEntry WithCredentialExpiry(DateTimeOffset? expiresAt) =>
        CredentialExpiresAt == expiresAt || RefusedCredentialVersion is not null
            ? this
            : this with
            {
                CredentialExpiresAt = expiresAt,
            };

    private ConnectionHistory HistoryWith(HistoryOutcome outcome, Cause cause, DateTimeOffset now) =>
        (History ?? ConnectionHistory.Empty).With(new HistoryEvent(now, outcome, cause));
}
