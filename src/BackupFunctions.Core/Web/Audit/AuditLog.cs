using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web.Audit;

/// <summary>Who got or did what, numbered from 1301, in the category <c>BackupFunctions.Audit</c>; a token only by its fingerprint.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(
        1301,
        LogLevel.Information,
        "{CallerKind} {CallerId} ({CallerName}, application {CallerApplication}) got token {Fingerprint} of {Connection} for tenant {Tenant}; it expires {ExpiresAt:O}."
    )]
    public static partial void HandedOut(
        ILogger logger,
        string callerKind,
        string? callerId,
        string? callerName,
        string? callerApplication,
        string fingerprint,
        ConnectionKey connection,
        Guid? tenant,
        DateTimeOffset expiresAt
    );

    [LoggerMessage(
        1302,
        LogLevel.Information,
        "{CallerKind} {CallerId} ({CallerName}, application {CallerApplication}) refreshed {Connection}: {Outcome}, token {Fingerprint}."
    )]
    public static partial void Refreshed(
        ILogger logger,
        string callerKind,
        string? callerId,
        string? callerName,
        string? callerApplication,
        ConnectionKey connection,
        string outcome,
        string? fingerprint
    );

    [LoggerMessage(
        1303,
        LogLevel.Information,
        "{CallerKind} {CallerId} ({CallerName}, application {CallerApplication}) enrolled {Connection}: {Outcome}, token {Fingerprint}."
    )]
    public static partial void Enrolled(
        ILogger logger,
        string callerKind,
        string? callerId,
        string? callerName,
        string? callerApplication,
        ConnectionKey connection,
        string outcome,
        string? fingerprint
    );

    [LoggerMessage(
        1304,
        LogLevel.Information,
        "{CallerKind} {CallerId} ({CallerName}, application {CallerApplication}) signed {Connection} out: {Outcome}."
    )]
    public static partial void Revoked(
        ILogger logger,
        string callerKind,
        string? callerId,
        string? callerName,
        string? callerApplication,
        ConnectionKey connection,
        string outcome
    );

    [LoggerMessage(
        1305,
        LogLevel.Warning,
        "{CallerKind} {CallerId} ({CallerName}, application {CallerApplication}) was refused {Path}: {Reason}, needs {Roles}."
    )]
    public static partial void Refused(
        ILogger logger,
        string callerKind,
        string? callerId,
        string? callerName,
        string? callerApplication,
        string path,
        string reason,
        string roles
    );

    [LoggerMessage(
        1306,
        LogLevel.Information,
        "{CallerKind} {CallerId} ({CallerName}, application {CallerApplication}) had {Subject} checked; with sign-ins: {SignsIn}."
    )]
    public static partial void Checked(
        ILogger logger,
        string callerKind,
        string? callerId,
        string? callerName,
        string? callerApplication,
        string subject,
        bool signsIn
    );
}
