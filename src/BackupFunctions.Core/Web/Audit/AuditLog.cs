using BackupFunctions.Connections;
using BackupFunctions.Web.Access;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web.Audit;

/// <summary>
/// The audit events, numbered from 1301. Parameters that are not in the message are still properties of the event,
/// and queries read them (docs/access.md, the workbook, the alert rules): they are in Pascal case because their names
/// are used as they are.
/// </summary>
internal static partial class AuditLog
{
    [LoggerMessage(
        1301,
        LogLevel.Information,
        "Token {Fingerprint} for {Subject} issued to {Caller}; expires {ExpiresAt}."
    )]
    public static partial void Issued(
        ILogger logger,
        string fingerprint,
        string subject,
        Caller caller,
        string expiresAt,
        ConnectionKey Connection,
        Guid? Tenant,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(1302, LogLevel.Information, "Refresh of {Connection} by {Caller}: {Result}.")]
    public static partial void Refreshed(
        ILogger logger,
        ConnectionKey connection,
        Caller caller,
        string result,
        string Outcome,
        string? Fingerprint,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(1303, LogLevel.Information, "Enrolment of {Connection} by {Caller}: {Result}.")]
    public static partial void Enrolled(
        ILogger logger,
        ConnectionKey connection,
        Caller caller,
        string result,
        string Outcome,
        string? Fingerprint,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(1304, LogLevel.Information, "Sign-out of {Connection} by {Caller}: {Outcome}.")]
    public static partial void SignedOut(
        ILogger logger,
        ConnectionKey connection,
        Caller caller,
        string outcome,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(1305, LogLevel.Warning, "{Path} denied to {Caller}: {Reason}; requires the role {Roles}.")]
    public static partial void Refused(
        ILogger logger,
        string path,
        Caller caller,
        string reason,
        string roles,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(
        1307,
        LogLevel.Information,
        "{Method} {Path} at {Connection} called by {Caller}: {Outcome}, {Bytes} bytes in {Milliseconds} ms."
    )]
    public static partial void Called(
        ILogger logger,
        string method,
        string path,
        ConnectionKey connection,
        Caller caller,
        string outcome,
        long bytes,
        long milliseconds,
        int? Status,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(1306, LogLevel.Information, "Check of {Subject} {Extent}, started by {Caller}.")]
    public static partial void Checked(
        ILogger logger,
        string subject,
        string extent,
        Caller caller,
        bool SignsIn,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );

    [LoggerMessage(1308, LogLevel.Information, "Test of the alert webhook by {Caller}: {Outcome}.")]
    public static partial void TestedAlerts(
        ILogger logger,
        Caller caller,
        string outcome,
        string CallerKind,
        string? CallerId,
        string? CallerName,
        string? CallerApplication
    );
}
