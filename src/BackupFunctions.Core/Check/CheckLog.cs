using Microsoft.Extensions.Logging;

namespace BackupFunctions.Check;

/// <summary>What a check tells, numbered from 1201.</summary>
internal static partial class CheckLog
{
    [LoggerMessage(
        1201,
        LogLevel.Information,
        "Checked: {Errors} errors, {Warnings} warnings, {Skipped} left out, {Ok} well, in {Milliseconds} ms."
    )]
    public static partial void Ended(ILogger logger, int errors, int warnings, int skipped, int ok, long milliseconds);

    [LoggerMessage(1202, LogLevel.Error, "The check of {Group} {Subject} broke off unexpectedly.")]
    public static partial void Broke(ILogger logger, CheckGroup group, string subject, Exception exception);
}
