using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Status;

/// <summary>The events of reading the status, numbered from 1101.</summary>
internal static partial class StatusLog
{
    [LoggerMessage(1101, LogLevel.Warning, "Could not list the saved tokens, so a status may miss some: {Detail}")]
    public static partial void NotListed(ILogger logger, FailureKind Kind, string detail);

    [LoggerMessage(1102, LogLevel.Error, "Listing the saved tokens failed unexpectedly.")]
    public static partial void ListingBroke(ILogger logger, Exception exception);
}
