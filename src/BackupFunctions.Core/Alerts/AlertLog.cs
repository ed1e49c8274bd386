using Microsoft.Extensions.Logging;

namespace BackupFunctions.Alerts;

/// <summary>The events of alerts, numbered from 1311; never the webhook's URL.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(1311, LogLevel.Information, "Alert sent: {Event} for {Connection} (incident {Incident}).")]
    public static partial void Told(ILogger logger, string @event, string connection, string incident);

    [LoggerMessage(
        1312,
        LogLevel.Error,
        "Alert not sent: {Event} for {Connection} (incident {Incident}): the webhook {Reason}. "
            + "Next attempt at {NextAttempt:HH:mm:ss} UTC."
    )]
    public static partial void NotTold(
        ILogger logger,
        string @event,
        string connection,
        string incident,
        string reason,
        DateTimeOffset nextAttempt
    );

    [LoggerMessage(1313, LogLevel.Error, "Sending an alert for {Connection} failed unexpectedly; it will be retried.")]
    public static partial void Broke(ILogger logger, string connection, Exception exception);

    [LoggerMessage(
        1314,
        LogLevel.Warning,
        "The storage of the groups of alerts could not be used for {Cause}: {Detail} This process goes on with what it "
            + "knows, and asks again in {Seconds} s."
    )]
    public static partial void GroupsAway(ILogger logger, string cause, string detail, double seconds);
}
