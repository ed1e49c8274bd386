using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Sweeps;

namespace BackupFunctions.Status;

/// <summary>Puts a status into a sentence for people.</summary>
internal static class StatusSummary
{
    /// <summary>The sentence: the state first, then the token, then what will matter soon.</summary>
    public static string Of(ConnectionStatus status, DateTimeOffset now)
    {
        string?[] parts = [.. StateOf(status, now), Certificate(status), Credential(status, now)];
        return string.Join("; ", parts.OfType<string>()) + ".";
    }

    private static string[] StateOf(ConnectionStatus status, DateTimeOffset now) =>
        status.Health switch
        {
            ConnectionHealth.Healthy => [$"The token is valid for {Duration.InWords(status.Token!.ExpiresAt - now)}"],
            ConnectionHealth.Renewing => ["Renewing the token", CurrentToken(status, now)],
            ConnectionHealth.SignedOut => [SignedOut(status.Entry)],
            ConnectionHealth.Refused =>
            [
                $"{TitleOf(status.Entry)}, and an operator must act",
                CurrentToken(status, now),
            ],
            ConnectionHealth.EnrolmentNeeded =>
            [
                "The account requires a one-time code, so someone must enrol it",
                CurrentToken(status, now),
            ],
            ConnectionHealth.BackingOff =>
            [
                ReasonForWaiting(status.Entry),
                NextAttempt(status, now),
                CurrentToken(status, now),
            ],
            ConnectionHealth.Never => [ReasonForNoToken(status)],
            _ => throw new InvalidOperationException($"{status.Health} is not a known state."),
        };

    private static string SignedOut(LedgerEntry entry) =>
        $"An operator signed the connection out on {entry.SignedOutAt:yyyy-MM-dd HH:mm} UTC; "
        + "it stays signed out until an operator signs it in";

    private static string CurrentToken(ConnectionStatus status, DateTimeOffset now) =>
        status.Token?.ExpiresAt > now
            ? $"the current token is valid for {Duration.InWords(status.Token.ExpiresAt - now)}"
            : "there is no usable token";

    private static string ReasonForWaiting(LedgerEntry entry)
    {
        if (entry.LastFailure is null)
        {
            return "On hold, because tokens were rejected or sign-ins failed several times in a row";
        }

        return entry.FailuresInRow > 1 ? $"{TitleOf(entry)} ({entry.FailuresInRow} failures in a row)" : TitleOf(entry);
    }

    private static string NextAttempt(ConnectionStatus status, DateTimeOffset now) =>
        status.NextAttempt is { } next
            ? $"the next attempt is in {Duration.InWords(next - now)}"
            : "the next attempt is due";

    private static string ReasonForNoToken(ConnectionStatus status)
    {
        if (!status.Connection.Vendor.IssuesTokens)
        {
            return "It has a static key, and needs no token";
        }

        if (status.Token is { } token)
        {
            var expiredAt = $"{token.ExpiresAt:yyyy-MM-dd HH:mm}";
            return $"The last token expired on {expiredAt} UTC, and none has been requested since";
        }

        return status.Entry.LastSuccess is null
            ? "No token has been obtained yet"
            : "The last token can no longer be used, and none has been requested since";
    }

    private static string? Certificate(ConnectionStatus status) =>
        status.Entry is { LastFailure: null, RefusedCredentialVersion: not null }
            ? "the vendor does not know the newest version of the certificate, so an older one is used"
            : null;

    private static string? Credential(ConnectionStatus status, DateTimeOffset now)
    {
        var left = status.Entry.CredentialExpiresAt - now;
        if (left is null || left > CredentialExpiry.Notice)
        {
            return null;
        }

        return left <= TimeSpan.Zero
            ? "its credential has expired"
            : $"its credential expires in {Duration.InWords(left.Value)}";
    }

    private static string TitleOf(LedgerEntry entry) => ProblemType.Of(entry.LastFailure!.Kind).Title;
}
