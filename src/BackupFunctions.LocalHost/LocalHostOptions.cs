using Microsoft.Extensions.Logging.Console;

namespace BackupFunctions.LocalHost;

/// <summary>The command line's options, and what tests substitute for the machine's clock and console.</summary>
/// <param name="SettingsFile">A file in the form of local.settings.json; null for none.</param>
/// <param name="OwnsTheVault">Whether to run timers and use refresh tokens even with a real vault.</param>
internal sealed record LocalHostOptions(FileInfo? SettingsFile = null, bool OwnsTheVault = false)
{
    /// <summary>The clock of the host and of its emulators.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Where logs go: by default to standard error, so that standard output holds only what was asked for.
    /// </summary>
    public Action<ILoggingBuilder> Logging { get; init; } = LogToStandardError;

    private static void LogToStandardError(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
    }
}
