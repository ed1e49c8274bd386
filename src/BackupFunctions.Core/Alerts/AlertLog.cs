using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>What became of messages to operators, numbered from 1311; never the webhook's address.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(1311, LogLevel.Information, "Told operators: {Event} {Connection}, incident {Incident}.")]
    public static partial void Told(ILogger logger, string @event, ConnectionKey connection, string incident);

    [LoggerMessage(
        1312,
        LogLevel.Error,
        "Operators were not told: {Event} {Connection}, incident {Incident}: the webhook {Reason}. It is tried again at {NextAttempt:O}."
    )]
    public static partial void NotTold(
        ILogger logger,
        string @event,
        ConnectionKey connection,
        string incident,
        string reason,
        DateTimeOffset nextAttempt
    );

    [LoggerMessage(
        1313,
        LogLevel.Error,
        "Looking at {Connection} for operators broke off unexpectedly; it is tried again."
    )]
    public static partial void Broke(ILogger logger, ConnectionKey connection, Exception exception);
}
