using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>The events of alerts, numbered from 1311; never the webhook's URL.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(1311, LogLevel.Information, "Alert sent: {Event} for {Connection} (incident {Incident}).")]
    public static partial void Told(ILogger logger, string @event, ConnectionKey connection, string incident);

    [LoggerMessage(
        1312,
        LogLevel.Error,
        "Alert not sent: {Event} for {Connection} (incident {Incident}): the webhook {Reason}. "
            + "Next attempt at {NextAttempt:HH:mm:ss} UTC."
    )]
    public static partial void NotTold(
        ILogger logger,
        string @event,
        ConnectionKey connection,
        string incident,
        string reason,
        DateTimeOffset nextAttempt
    );

    [LoggerMessage(1313, LogLevel.Error, "Sending an alert for {Connection} failed unexpectedly; it will be retried.")]
    public static partial void Broke(ILogger logger, ConnectionKey connection, Exception exception);
}
