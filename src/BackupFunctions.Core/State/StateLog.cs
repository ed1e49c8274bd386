using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.State;

/// <summary>What this process learns from other processes; a token appears only by its fingerprint.</summary>
internal static partial class StateLog
{
    [LoggerMessage(1020, LogLevel.Error, "Polling the ledger failed unexpectedly; it is tried again.")]
    public static partial void PollingFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1021,
        LogLevel.Information,
        "Another instance reports that {Connection} did not accept token {Fingerprint}, or signed the connection out: "
            + "the token is not served again."
    )]
    public static partial void RejectedElsewhere(ILogger logger, ConnectionKey connection, string fingerprint);
}
