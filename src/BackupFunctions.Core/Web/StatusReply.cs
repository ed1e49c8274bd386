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
            HeadOf(report) with
            {
                Connections = [.. ConnectionsOf(report).Select(make => make())],
            },
            StatusJson.Default.StatusBody
        );

    /// <summary>All but the connections.</summary>
    public static StatusBody HeadOf(StatusReport report) =>
        new(
            Reply.Instant(report.GeneratedAt)!,
            [],
            [.. report.Unreadable.Select(secret => new UnreadableBody(secret.Secret, secret.Detail))],
            report.HostAhead is { } ahead ? (long)Math.Round(ahead.TotalSeconds) : null
        );

    /// <summary>The connections by vendor and name, each made when its turn comes.</summary>
    public static IEnumerable<Func<ConnectionStatusBody>> ConnectionsOf(
        StatusReport report,
        Func<ConnectionStatus, ConnectionHistoryBody>? historyOf = null
    ) =>
        report
            .Connections.Select(status =>
                (
                    status.Connection.Key,
                    Make: (Func<ConnectionStatusBody>)(() => Of(status) with { History = historyOf?.Invoke(status) })
                )
            )
            .Concat(
                report.Misconfigured.Select(wrong => (wrong.Key, Make: (Func<ConnectionStatusBody>)(() => Of(wrong))))
            )
            .OrderBy(one => one.Key.Vendor, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Connection, StringComparer.Ordinal)
            .Select(one => one.Make);

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
