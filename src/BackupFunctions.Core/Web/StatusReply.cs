using BackupFunctions.Connections;
using BackupFunctions.Problems;
using BackupFunctions.Status;
using BackupFunctions.Tokens;

namespace BackupFunctions.Web;

/// <summary>A status report as a reply.</summary>
internal static class StatusReply
{
    public static Reply Of(StatusReport report) =>
        Reply.Of(
            new StatusBody(
                Reply.Instant(report.GeneratedAt)!,
                [
                    .. report
                        .Connections.Select(Of)
                        .Concat(report.Misconfigured.Select(Of))
                        .OrderBy(body => body.Vendor, StringComparer.Ordinal)
                        .ThenBy(body => body.Connection, StringComparer.Ordinal),
                ],
                [.. report.Unreadable.Select(secret => new UnreadableBody(secret.Secret, secret.Detail))],
                report.HostAhead is { } ahead ? (long)Math.Round(ahead.TotalSeconds) : null
            ),
            StatusJson.Default.StatusBody
        );

    private static ConnectionStatusBody Of(ConnectionStatus status)
    {
        var (connection, entry) = (status.Connection, status.Entry);
        return new ConnectionStatusBody(connection.Key.Vendor, connection.Key.Connection, status.Health, status.Summary)
        {
            IssuedAt = Reply.Instant(status.Token?.IssuedAt),
            RenewFrom = Reply.Instant(status.RenewFrom),
            ExpiresAt = Reply.Instant(status.Token?.ExpiresAt),
            Fingerprint = status.Token?.Fingerprint,
            BaseUrl = Reply.BaseUrl(connection),
            LastSuccess = Reply.Instant(entry.LastSuccess),
            LastFailure = entry.LastFailure is { } failure ? Of(failure, entry.LastFailureAt) : null,
            FailuresInRow = entry.FailuresInRow,
            NextAttempt = Reply.Instant(status.NextAttempt),
            CredentialExpiresAt = Reply.Instant(entry.CredentialExpiresAt),
            SignedOutAt = Reply.Instant(entry.SignedOutAt),
            CanEnrol = connection.Vendor.OneTimeCodeDigits is not null,
        };
    }

    private static ConnectionStatusBody Of(MisconfiguredConnection wrong) =>
        new(
            wrong.Key.Vendor,
            wrong.Key.Connection,
            ConnectionHealth.Misconfigured,
            "The settings of this connection are wrong, so it is not used."
        )
        {
            IssuedAt = null,
            RenewFrom = null,
            ExpiresAt = null,
            Fingerprint = null,
            BaseUrl = null,
            LastSuccess = null,
            LastFailure = Of(wrong.Failure, at: null),
            FailuresInRow = 0,
            NextAttempt = null,
            CredentialExpiresAt = null,
            SignedOutAt = null,
            CanEnrol = false,
        };

    private static FailureBody Of(TokenFailure failure, DateTimeOffset? at)
    {
        var type = ProblemType.Of(failure.Kind);
        return new FailureBody(
            Reply.Instant(at),
            type.Uri,
            type.Title,
            failure.Detail,
            failure.HttpStatus,
            failure.OAuthError
        );
    }
}
