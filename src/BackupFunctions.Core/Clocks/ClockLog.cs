using Microsoft.Extensions.Logging;

namespace BackupFunctions.Clocks;

/// <summary>Events 6001 and up.</summary>
internal static partial class ClockLog
{
    [LoggerMessage(
        6001,
        LogLevel.Warning,
        "The clock was corrected by {Seconds:F0} s, because {Server} shows another time. This host's own clock is now "
            + "{HostAheadSeconds:F0} s ahead of the true time (negative: behind)."
    )]
    public static partial void Corrected(ILogger logger, string server, double seconds, double hostAheadSeconds);
}
