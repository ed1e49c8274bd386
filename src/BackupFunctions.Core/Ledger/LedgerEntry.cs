using System.Text.Json.Serialization;
using BackupFunctions.History;
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

    /// <summary>The fingerprints of saved tokens that the vendor did not accept; the latest is last.</summary>
    public IReadOnlyList<string> Rejected { get; init; } = [];

    /// <summary>The latest time step (RFC 6238) whose one-time code was used: a step is used once.</summary>
    public long? OneTimeCodeStep { get; init; }

    /// <summary>
    /// The failure in progress, or one that operators have yet to be told is over; null if all is well.
    /// </summary>
    public Incident? Incident { get; init; }

    /// <summary>What happened lately, for people: nothing is decided by it. Null if nothing is known.</summary>
    public ConnectionHistory? History { get; init; }

    /// <summary>
    /// Whether other processes may have recorded what is missing here, because the storage that they share is
    /// unavailable. Not stored.
    /// </summary>
    [JsonIgnore]
    public bool IsAlone { get; init; }
}
