using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Status;

/// <summary>What is told of looking at all connections, numbered from 1101.</summary>
internal static partial class StatusLog
{
    [LoggerMessage(
        1101,
        LogLevel.Warning,
        "The saved tokens were not listed, so that a status may miss some: {Kind}: {Detail}"
    )]
    public static partial void NotListed(ILogger logger, FailureKind kind, string detail);

    [LoggerMessage(1102, LogLevel.Error, "Listing the saved tokens broke off unexpectedly.")]
    public static partial void ListingBroke(ILogger logger, Exception exception);
}
