using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Sweeps;

namespace BackupFunctions.Status;

/// <summary>Puts a status into a sentence for people.</summary>
internal static class StatusSummary
{
    /// <summary>The sentence: what matters first, then the token, then what will matter soon.</summary>
    public static string Of(ConnectionStatus status, DateTimeOffset now)
    {
        var parts = status.State switch
        {
            ConnectionHealth.Healthy => [$"Has a token for another {Duration.InWords(status.Token!.ExpiresAt - now)}"],
            ConnectionHealth.Renewing => ["A new token is being obtained", TokenOf(status, now)],
            ConnectionHealth.SignedOut =>
            [
                $"Was signed out by an operator on {status.Entry.SignedOutAt:yyyy-MM-dd HH:mm} UTC and stays so until one signs it in again",
            ],
            ConnectionHealth.Refused => [$"{TitleOf(status.Entry)}, and an operator must act", TokenOf(status, now)],
            ConnectionHealth.EnrolmentNeeded =>
            [
                "The account asks for a one-time code, so that a person must enrol it",
                TokenOf(status, now),
            ],
            ConnectionHealth.BackingOff => [WhyWaiting(status), WhenNext(status, now), TokenOf(status, now)],
            ConnectionHealth.Never => new[] { WhyNone(status) },
            _ => throw new InvalidOperationException($"{status.State} is no state."),
        };
        return string.Join("; ", parts.Append(Certificate(status)).Append(Credential(status, now)).OfType<string>())
            + ".";
    }

    private static string TokenOf(ConnectionStatus status, DateTimeOffset now) =>
        status.Token?.ExpiresAt > now
            ? $"the old token serves for another {Duration.InWords(status.Token.ExpiresAt - now)}"
            : "there is no token meanwhile";

    private static string WhyWaiting(ConnectionStatus status) =>
        status.Entry.LastFailure is null
            ? "Nothing is tried for a while, because tokens were rejected or sign-ins broke off several times in a row"
        : status.Entry.FailuresInRow > 1 ? $"{TitleOf(status.Entry)}, {status.Entry.FailuresInRow} times in a row"
        : TitleOf(status.Entry);

    private static string WhenNext(ConnectionStatus status, DateTimeOffset now) =>
        status.NextAttempt is { } next
            ? $"the next attempt is in {Duration.InWords(next - now)}"
            : "the next attempt is due";

    private static string WhyNone(ConnectionStatus status) =>
        status.Token is { } token
            ? $"Its last token ended on {token.ExpiresAt:yyyy-MM-dd HH:mm} UTC, and nobody has asked for another since"
        : status.Entry.LastSuccess is not null
            ? "Its last token must not be used any more, and nobody has asked for another since"
        : "No token was obtained yet";

    private static string? Certificate(ConnectionStatus status) =>
        status.Entry is { LastFailure: null, RefusedCredentialVersion: not null }
            ? "the vendor does not know the newest version of the certificate, so that an older one is used"
            : null;

    private static string? Credential(ConnectionStatus status, DateTimeOffset now) =>
        (status.Entry.CredentialExpiresAt - now) switch
        {
            { } left when left <= TimeSpan.Zero => "its credential has ended",
            { } left when left <= CredentialExpiry.Notice => $"its credential ends in {Duration.InWords(left)}",
            _ => null,
        };

    private static string TitleOf(LedgerEntry entry) => ProblemType.Of(entry.LastFailure!.Kind).Title;
}
