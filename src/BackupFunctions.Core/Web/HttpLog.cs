using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Web;

/// <summary>The events of the HTTP handlers, numbered from 2000.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(2001, LogLevel.Warning, "Could not serve a token for {Connection}: {Detail}")]
    public static partial void NotServed(ILogger logger, ConnectionKey connection, FailureKind Kind, string detail);

    [LoggerMessage(2002, LogLevel.Error, "A request for {Connection} failed unexpectedly.")]
    public static partial void Fault(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(2003, LogLevel.Error, "A request for all connections failed unexpectedly.")]
    public static partial void FaultOfAll(ILogger logger, Exception exception);
}
