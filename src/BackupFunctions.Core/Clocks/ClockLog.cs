using Microsoft.Extensions.Logging;

namespace BackupFunctions.Clocks;

/// <summary>Events 6001 and up.</summary>
internal static partial class ClockLog
{
    [LoggerMessage(
        6001,
        LogLevel.Warning,
        "The time that the app goes by was corrected by {Seconds:F0} s, because {Server} shows another one. "
            + "This host's own clock is {HostClock}."
    )]
    public static partial void Corrected(ILogger logger, string server, double seconds, string hostClock);

    /// <summary>How far a clock is off, as the end of a sentence.</summary>
    public static string InWords(TimeSpan? ahead) =>
        ahead switch
        {
            null or { Ticks: 0 } => "right",
            { Ticks: > 0 } => $"{ahead.Value.TotalSeconds:F0} s ahead: set it",
            _ => $"{-ahead.Value.TotalSeconds:F0} s behind: set it",
        };
}
