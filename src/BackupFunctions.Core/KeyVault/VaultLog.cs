using Microsoft.Extensions.Logging;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Faults of this program in reading a secret, numbered after those of connections; a secret appears only by its name.
/// </summary>
internal static partial class VaultLog
{
    [LoggerMessage(
        5007,
        LogLevel.Error,
        "Reading the connection in the secret {Secret} failed unexpectedly; the connection is ignored."
    )]
    public static partial void ConnectionFailed(ILogger logger, Exception exception, string secret);

    [LoggerMessage(
        5008,
        LogLevel.Error,
        "Reading the token in the secret {Secret} failed unexpectedly; it counts as no token."
    )]
    public static partial void TokenFailed(ILogger logger, Exception exception, string secret);
}
