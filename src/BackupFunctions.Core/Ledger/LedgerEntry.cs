using BackupFunctions.Tokens;

namespace BackupFunctions.Ledger;

/// <summary>
/// What is recorded of a connection's sign-ins, and how the record changes; never a token, a secret or a vendor's
/// response body.
/// </summary>
public sealed partial record LedgerEntry
{
    /// <summary>
    /// How many rejected tokens are kept: as many as the brake on rejections lets through in a quarter of an hour.
    /// </summary>
    public const int RejectedKept = 32;

    /// <summary>The record of a connection of which nothing is known.</summary>
    public static LedgerEntry Empty { get; } = new();

    /// <summary>When a token was last obtained from the vendor.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>
    /// The token of that success; null if an earlier version of the app did not record it, or if it must not be used
    /// any more.
    /// </summary>
    public TokenMetadata? Token { get; init; }

    /// <summary>
    /// When the first of the connection's credentials expires, as last seen; null if none does, or none was read.
    /// </summary>
    public DateTimeOffset? CredentialExpiresAt { get; init; }

    /// <summary>Why the last attempt failed; null after a success.</summary>
    public TokenFailure? LastFailure { get; init; }

    /// <summary>When the last attempt failed.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>How many attempts failed since the last success.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>Before this instant nothing is tried, except by an operator; null if an attempt may be made.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The credential versions that the last success was obtained with.</summary>
    public string? CredentialVersion { get; init; }

    /// <summary>
    /// The credential versions that were refused: another version lifts the hold before <see cref="NextAttempt"/>.
    /// After a success, the newest version of a certificate that is not registered at the vendor yet, so that an older
    /// one had to do.
    /// </summary>
    public string? RefusedCredentialVersion { get; init; }

    /// <summary>The fingerprint of a refresh token that was sent without an answer: it is probably spent.</summary>
    public string? DoubtfulRefreshToken { get; init; }

    /// <summary>
    /// The fingerprint of a refresh token that the vendor refused, or whose session was ended: it is never sent again.
    /// </summary>
    public string? DeadRefreshToken { get; init; }

    /// <summary>
    /// The fingerprint of the refresh token that the last success spent, if the vault has not accepted its successor.
    /// The successor is in the memory of the process that obtained it; no other may send the spent one, which vendors
    /// treat as theft.
    /// </summary>
    public string? SpentRefreshToken { get; init; }

    /// <summary>
    /// When the process with that successor last recorded that it is still trying to save it; null if it has not had
    /// to.
    /// </summary>
    public DateTimeOffset? UnsavedSeenAt { get; init; }

    /// <summary>When an operator signed the connection out; null if it is signed in.</summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>When an operator's renewal or enrolment last succeeded: only that ends an earlier sign-out.</summary>
    public DateTimeOffset? SignedInAt { get; init; }

    /// <summary>
    /// When the vendor refused the credentials lately, and when an attempt began whose end is unknown, in ascending
    /// order. Vendors lock accounts by such a count.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Refusals { get; init; } = [];

    /// <summary>The fingerprints of saved tokens that the vendor answered with 401; the latest is last.</summary>
    public IReadOnlyList<string> Rejected { get; init; } = [];

    /// <summary>The latest time step (RFC 6238) whose one-time code was used: a step is used once.</summary>
    public long? OneTimeCodeStep { get; init; }

    /// <summary>
    /// The failure in progress, or one that operators have yet to be told is over; null if all is well.
    /// </summary>
    public Incident? Incident { get; init; }

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

    /// <summary>After an operator signed the connection out.</summary>
    internal LedgerEntry AfterSignOut(DateTimeOffset now) =>
        this with
        {
            SignedOutAt = SignedOutAt ?? now,
            Token = null,
            DoubtfulRefreshToken = null,
        };

    /// <summary>With refusals that may yet happen, so that a killed process does not leave them uncounted.</summary>
    internal LedgerEntry WithReserved(IReadOnlyList<DateTimeOffset> refusals) =>
        this with
        {
            Refusals = [.. Refusals.Concat(refusals).Order()],
        };

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
}
