using BackupFunctions.Ledger;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>
/// Decides whether a vendor may be asked for a token now, and what a failure costs: functions of the record, the
/// instant and the request, and of nothing else.
/// </summary>
internal static class SignInPolicy
{
    /// <summary>How long refused credentials are not sent again, unless the vault has a new version of them.</summary>
    public static readonly TimeSpan RefusalHold = TimeSpan.FromHours(1);

    /// <summary>
    /// After the vault denied access, or had no usable credential, it is asked again no sooner: no vendor was asked, so
    /// callers would otherwise read the vault with every call.
    /// </summary>
    public static readonly TimeSpan VaultWait = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How often an account may be refused within an hour. While its record is not shared, each process risks one
    /// refusal of its own.
    /// </summary>
    public static int MostRefusals(LedgerEntry record) => record.IsAlone ? 1 : RefusalBudget.MostPerHour;

    /// <summary>Decides whether an attempt may be made.</summary>
    public static SignInDecision Decide(LedgerEntry record, DateTimeOffset now, SignInRequest request)
    {
        var left = RefusalsLeft(record, now, request.ByOperator);
        if (request.ByOperator)
        {
            return new SignInDecision(SignInVerdict.Allowed, left);
        }

        if (request.RejectionHoldUntil > now)
        {
            return Wait(SignInObstacle.RejectedTokens, request.RejectionHoldUntil, left);
        }

        if (record.SignedOutAt is not null)
        {
            return new SignInDecision(SignInVerdict.OperatorNeeded, left) { Obstacle = SignInObstacle.SignedOut };
        }

        if (record.LastFailure is not null && record.NextAttempt > now && !request.HasNewCredentials)
        {
            return Blocked(record, SignInObstacle.LastFailure, record.NextAttempt.Value, left);
        }

        if (LeftAloneUntil(record, now) is not { } until)
        {
            return new SignInDecision(SignInVerdict.Allowed, left);
        }

        // Sending a refresh token that works, as far as is known, is not a sign-in that could lock the account.
        var mayRefresh = request.RotatesRefreshTokens && record.LastSuccess > record.Refusals[^1];
        return mayRefresh
            ? new SignInDecision(SignInVerdict.Allowed, left)
            : Blocked(record, SignInObstacle.TooManyRefusals, until, left);
    }

    /// <summary>
    /// How often the vendor may refuse credentials before the account is left alone. An operator may always try once.
    /// </summary>
    public static int RefusalsLeft(LedgerEntry record, DateTimeOffset now, bool byOperator) =>
        Math.Max(byOperator ? 1 : 0, MostRefusals(record) - RecentRefusals(record, now));

    /// <summary>How often the vendor refused the credentials within the last hour.</summary>
    public static int RecentRefusals(LedgerEntry record, DateTimeOffset now) =>
        record.Refusals.Count(refusal => refusal > now - AttemptRefusals.Window);

    /// <summary>
    /// Until when the account is left alone because its credentials were refused too often; null if it is not.
    /// </summary>
    public static DateTimeOffset? LeftAloneUntil(LedgerEntry record, DateTimeOffset now) =>
        RecentRefusals(record, now) >= MostRefusals(record)
            ? record.Refusals[^MostRefusals(record)] + AttemptRefusals.Window
            : null;

    /// <summary>How long to wait after a failed attempt.</summary>
    /// <param name="failure">Why it failed.</param>
    /// <param name="failuresInRow">How many attempts have failed, this one included.</param>
    /// <param name="hasUntriedCredentials">Whether there is a version of the credentials that was not sent.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static TimeSpan WaitAfter(TokenFailure failure, int failuresInRow, bool hasUntriedCredentials, double jitter)
    {
        if (
            failure is
            { Kind: FailureKind.CredentialMissing or FailureKind.VaultAccessDenied, MayHaveReachedVendor: false }
        )
        {
            return VaultWait;
        }

        return IsHeldUntilCredentialsChange(failure) && !hasUntriedCredentials
            ? RefusalHold
            : BackOff.After(failuresInRow, failure.RetryAfter, jitter);
    }

    /// <summary>
    /// Whether another version of the credentials resolves the failure. A credential that turned out to be unusable
    /// counts if another one had been sent before.
    /// </summary>
    public static bool IsHeldUntilCredentialsChange(TokenFailure failure) =>
        failure.Kind is FailureKind.CredentialsRefused or FailureKind.EnrolmentNeeded
        || failure is { Kind: FailureKind.CredentialMissing, MayHaveReachedVendor: true };

    private static SignInDecision Blocked(
        LedgerEntry record,
        SignInObstacle obstacle,
        DateTimeOffset until,
        int refusalsLeft
    ) =>
        record.LastFailure is { NeedsOperator: true }
            ? new SignInDecision(SignInVerdict.OperatorNeeded, refusalsLeft) { Obstacle = obstacle, Until = until }
            : Wait(obstacle, until, refusalsLeft);

    private static SignInDecision Wait(SignInObstacle obstacle, DateTimeOffset until, int refusalsLeft) =>
        new(SignInVerdict.WaitUntil, refusalsLeft) { Obstacle = obstacle, Until = until };
}
