using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>The failures that say that no vendor was asked, and why.</summary>
internal static class SkippedAttempts
{
    /// <summary>The failure for a decision against an attempt.</summary>
    public static TokenException For(
        SignInDecision decision,
        Connection connection,
        LedgerEntry record,
        DateTimeOffset now
    )
    {
        var wait = decision.Until - now ?? TimeSpan.Zero;
        switch (decision.Obstacle)
        {
            case SignInObstacle.SignedOut:
                return SignedOut(connection, record.SignedOutAt ?? now);
            case SignInObstacle.RejectedTokens:
                return NotRetrying(connection, wait, "Callers rejected several of its tokens in a row.");
            case SignInObstacle.TooManyRefusals when decision.Verdict == SignInVerdict.OperatorNeeded:
                return LeftAlone(record, decision.Until!.Value);
            case SignInObstacle.TooManyRefusals:
                return TooManyRefusals(connection, record, wait);
            default:
                return NotDue(connection, record.LastFailure!, wait);
        }
    }

    /// <summary>The failure of a connection for which nothing is tried for a while.</summary>
    public static TokenException NotRetrying(
        Connection connection,
        TimeSpan wait,
        string why,
        TokenFailure? because = null
    ) =>
        new(
            new TokenFailure(FailureKind.BackingOff, $"Not retrying {connection.Key} yet. {why}")
            {
                Remedy = because?.Remedy,
                OAuthError = because?.OAuthError,
                HttpStatus = because?.HttpStatus,
                RetryAfter = wait,
                WasNotTried = true,
            }
        );

    /// <summary>The failure of a connection whose credentials must not be sent for a while.</summary>
    public static TokenException TooManyRefusals(Connection connection, LedgerEntry record, TimeSpan wait) =>
        NotRetrying(connection, wait, $"Sign-ins were refused or failed {HowOften(record)}.");

    /// <summary>The failure of a connection that an operator signed out.</summary>
    public static TokenException SignedOut(Connection connection, DateTimeOffset since)
    {
        var key = connection.Key;
        var remedy = $"POST /api/Refresh/{key} signs it in again";
        if (connection.Vendor.OneTimeCodeDigits is not null)
        {
            remedy += $", or POST /api/Enroll/{key} with a one-time code";
        }

        return new TokenException(
            new TokenFailure(FailureKind.SignedOut, $"An operator signed {key} out on {since:yyyy-MM-dd HH:mm} UTC.")
            {
                Remedy = $"{remedy}.",
                WasNotTried = true,
            }
        );
    }

    private static TokenException NotDue(Connection connection, TokenFailure failure, TimeSpan wait) =>
        failure.NeedsOperator
            ? new TokenException(failure with { WasNotTried = true })
            : NotRetrying(connection, wait, $"The last attempt failed: {failure.Problem}", failure);

    private static TokenException LeftAlone(LedgerEntry record, DateTimeOffset until)
    {
        var failure = record.LastFailure!;
        var problem =
            $"{failure.Problem} It was refused {HowOften(record)}, so nothing is tried before {until:HH:mm} UTC "
            + "unless an operator asks for it.";
        return new TokenException(failure with { Problem = problem, WasNotTried = true });
    }

    private static string HowOften(LedgerEntry record) =>
        record.IsAlone
            ? "within the last hour, and the storage that all instances count in is unavailable"
            : $"{RefusalBudget.MostPerHour} times within an hour";
}
