using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// What the blob adapters tell: facts, numbered from 4000; never an exception of storage, which quotes its reply.
/// </summary>
internal static partial class StorageLog
{
    [LoggerMessage(4001, LogLevel.Information, "Created the container {Container} for the refresh locks.")]
    public static partial void ContainerCreated(ILogger logger, string container);

    [LoggerMessage(
        4002,
        LogLevel.Information,
        "Had the refresh lock of {Connection} after waiting {Milliseconds} ms for another holder."
    )]
    public static partial void Waited(ILogger logger, ConnectionKey connection, long milliseconds);

    [LoggerMessage(
        4003,
        LogLevel.Warning,
        "The storage of the refresh locks could not be used for "
            + "{Connection}: {Detail} It is not asked again for {Seconds} s."
    )]
    public static partial void StorageAway(ILogger logger, ConnectionKey connection, string detail, double seconds);

    [LoggerMessage(4004, LogLevel.Warning, "The lease on the refresh lock of {Connection} was not renewed: {Detail}")]
    public static partial void NotRenewed(ILogger logger, ConnectionKey connection, string detail);

    [LoggerMessage(
        4005,
        LogLevel.Error,
        "The refresh lock of {Connection} was lost: another process may renew it now."
    )]
    public static partial void Lost(ILogger logger, ConnectionKey connection);

    [LoggerMessage(
        4006,
        LogLevel.Warning,
        "The refresh lock of {Connection} was not released and frees itself within {Seconds} s: {Detail}"
    )]
    public static partial void NotReleased(ILogger logger, ConnectionKey connection, double seconds, string detail);

    [LoggerMessage(4007, LogLevel.Information, "Created the container {Container} for the ledger.")]
    public static partial void LedgerContainerCreated(ILogger logger, string container);

    [LoggerMessage(
        4008,
        LogLevel.Warning,
        "The storage of the ledger could not be used for {Connection}: {Detail} This process goes on with what it "
            + "knows, and asks again in {Seconds} s."
    )]
    public static partial void LedgerAway(ILogger logger, string connection, string detail, double seconds);

    [LoggerMessage(
        4009,
        LogLevel.Warning,
        "The ledger's blob of {Connection} holds what this version cannot use ({Members}): that is ignored, the rest "
            + "counts, and the next write repairs the blob."
    )]
    public static partial void LedgerPartlyIgnored(ILogger logger, ConnectionKey connection, string members);
}
