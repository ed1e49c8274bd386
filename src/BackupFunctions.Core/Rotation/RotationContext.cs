using BackupFunctions.Tokens;

namespace BackupFunctions.Rotation;

/// <summary>
/// What one attempt to sign in may spend that works only once, a refresh token or a one-time code, and what it learns
/// about them that must outlive it.
/// </summary>
/// <param name="refreshToken">The saved refresh token; null if there is none, or it must not be sent.</param>
/// <param name="doubtful">
/// The fingerprint of a refresh token that was once sent without an answer; null if there is none.
/// </param>
internal sealed class RotationContext(RefreshToken? refreshToken = null, string? doubtful = null)
{
    /// <summary>The refresh token that may be sent; null if there is none.</summary>
    public RefreshToken? RefreshToken { get; private set; } = refreshToken;

    /// <summary>
    /// The fingerprint of the refresh token that this attempt replaces; null if it began without one.
    /// </summary>
    public string? ReplacedRefreshToken { get; } = refreshToken?.Fingerprint;

    /// <summary>
    /// The fingerprint of a refresh token that was sent without an answer, so that it may be spent; null if there is
    /// none.
    /// </summary>
    public string? DoubtfulRefreshToken { get; private set; } = doubtful;

    /// <summary>
    /// Why the refresh token is in doubt, if it was sent in this attempt: it is not sent again in it, and the attempt
    /// fails with this if nothing else works.
    /// </summary>
    public TokenException? Unanswered { get; set; }

    /// <summary>
    /// A refresh token that arrived without a usable access token. What was spent for it is gone, so it is saved all
    /// the same.
    /// </summary>
    public RefreshToken? UnpairedRefreshToken { get; set; }

    /// <summary>
    /// The one-time code with which a person enrols the connection; null for a sign-in without a person.
    /// </summary>
    public SecretText? OneTimeCode { get; init; }

    /// <summary>The latest time step of RFC 6238 whose code is known to be used; null if none is.</summary>
    public long? OneTimeCodeStep { get; init; }

    /// <summary>Records that the code of a time step is used, before the code is sent.</summary>
    public Func<long, ValueTask> UseOneTimeCodeStepAsync { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>Records that a refresh token is dead, before anything else is sent.</summary>
    public Func<string, ValueTask> RecordDeadAsync { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>Throws if another process may renew by now. Called right before anything is spent.</summary>
    public Action EnsureLockHeld { get; init; } = static () => { };

    /// <summary>
    /// Throws if the password must not be sent, because credentials were refused too often lately. A refresh token may
    /// be sent regardless: it cannot lock the account.
    /// </summary>
    public Action EnsurePasswordAllowed { get; init; } = static () => { };

    /// <summary>Whether <see cref="RefreshToken"/> was sent before without an answer.</summary>
    public bool IsRefreshTokenDoubtful => RefreshToken is not null && RefreshToken.Fingerprint == DoubtfulRefreshToken;

    /// <summary>The refresh token was sent, and its answer is lost: it may be spent.</summary>
    /// <param name="unanswered">What the request failed with; null if that was our own fault.</param>
    public void DoubtRefreshToken(TokenException? unanswered = null)
    {
        DoubtfulRefreshToken = RefreshToken?.Fingerprint ?? DoubtfulRefreshToken;
        Unanswered = unanswered ?? Unanswered;
    }

    /// <summary>
    /// The vendor refused the refresh token, or its session is over: neither this attempt nor any other process sends
    /// it again.
    /// </summary>
    public async ValueTask BuryRefreshTokenAsync()
    {
        if (RefreshToken is { } dead)
        {
            RefreshToken = null;
            await RecordDeadAsync(dead.Fingerprint);
        }
    }
}
