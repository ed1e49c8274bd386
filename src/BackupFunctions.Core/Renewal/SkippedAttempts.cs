using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>The failures that say that no vendor was asked, and why not.</summary>
internal static class SkippedAttempts
{
    /// <summary>The failure that says that nothing is tried for so long.</summary>
    public static TokenException BackingOff(
        ConnectionState session,
        TimeSpan wait,
        string why,
        TokenFailure? because = null
    ) =>
        new(
            new TokenFailure(
                FailureKind.BackingOff,
                $"No token of {session.Connection.Key} is sought for the moment: {why}."
            )
            {
                OAuthError = because?.OAuthError,
                HttpStatus = because?.HttpStatus,
                RetryAfter = wait,
                WasNotTried = true,
            }
        );

    /// <summary>The failure of a connection whose credentials must not be sent for so long.</summary>
    public static TokenException TooManyRefusals(ConnectionState session, TimeSpan wait) =>
        BackingOff(
            session,
            wait,
            $"sign-ins were refused or broke off {RenewalRules.MostRefusals} times within an hour"
        );

    /// <summary>The failure of a connection whose next attempt is not due yet: the one before it, if that takes an operator.</summary>
    public static TokenException NotDue(ConnectionState session, TokenFailure failure, TimeSpan wait) =>
        failure.NeedsOperator
            ? new TokenException(failure with { WasNotTried = true })
            : BackingOff(session, wait, $"the last attempt failed: {failure.Detail.TrimEnd('.')}", failure);

    /// <summary>The failure that says that an operator signed the connection out.</summary>
    public static TokenException SignedOut(ConnectionState session, DateTimeOffset since) =>
        new(
            new TokenFailure(
                FailureKind.SignedOut,
                $"{session.Connection.Key} was signed out by an operator on {since:yyyy-MM-dd HH:mm} UTC. POST /api/Refresh/{session.Connection.Key} signs it in again{(session.Vendor.EnrolmentCodeDigits is null ? "" : $", or POST /api/Enroll/{session.Connection.Key} with a one-time code")}."
            )
            {
                WasNotTried = true,
            }
        );
}
