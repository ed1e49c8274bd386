using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Connections;

/// <summary>
/// Events of connections that the vault defines, numbered from 5000; a secret appears only by its name.
/// </summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(5001, LogLevel.Warning, "{Finding} The connection is left out until then.")]
    public static partial void Unusable(ILogger logger, string finding);

    [LoggerMessage(5002, LogLevel.Warning, "{Count} further secrets define no usable connection.")]
    public static partial void FurtherUnusable(ILogger logger, int count);

    [LoggerMessage(
        5003,
        LogLevel.Warning,
        "The vault's connections were not read; the last known ones stay in use: {Detail}"
    )]
    public static partial void NotRead(ILogger logger, FailureKind Kind, string detail);

    [LoggerMessage(
        5004,
        LogLevel.Warning,
        "The vault's secrets may not be listed, so that no connection comes from it: {Detail} "
            + "KeyVault:ConnectionsInVault set to false ends this."
    )]
    public static partial void Denied(ILogger logger, string detail);

    [LoggerMessage(
        5005,
        LogLevel.Error,
        "Reading the vault's connections failed unexpectedly; the last known ones stay in use."
    )]
    public static partial void Broke(ILogger logger, Exception exception);

    [LoggerMessage(
        5006,
        LogLevel.Information,
        "The vault defines {Count} connections: {Read} secrets were read, {Gone} connections are gone."
    )]
    public static partial void Read(ILogger logger, int count, int read, int gone);
}
