using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>What callers and operators cause; a token appears only by its fingerprint.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(
        1003,
        LogLevel.Information,
        "A caller reports that {Connection} did not accept token {Fingerprint}: it is not served again."
    )]
    public static partial void Rejected(ILogger logger, ConnectionKey connection, string fingerprint);

    [LoggerMessage(
        1013,
        LogLevel.Information,
        "Serving token {Fingerprint} of {Connection}, which is still usable, after {Reason}."
    )]
    public static partial void ServedOld(ILogger logger, ConnectionKey connection, string fingerprint, string reason);

    [LoggerMessage(
        1014,
        LogLevel.Information,
        "Obtained a token of {Connection} for tenant {Tenant}: token {Fingerprint} expires {ExpiresAt:O}."
    )]
    public static partial void TenantTokenObtained(
        ILogger logger,
        ConnectionKey connection,
        Guid tenant,
        string fingerprint,
        DateTimeOffset expiresAt
    );

    public static void TenantTokenFailed(ILogger logger, ConnectionKey connection, Guid tenant, TokenFailure failure) =>
        TenantTokenFailed(
            logger,
            connection,
            tenant,
            failure.Kind,
            failure.Detail,
            failure.HttpStatus,
            failure.OAuthError
        );

    [LoggerMessage(1015, LogLevel.Warning, "No token of {Connection} for tenant {Tenant}: {Detail}")]
    private static partial void TenantTokenFailed(
        ILogger logger,
        ConnectionKey connection,
        Guid tenant,
        FailureKind Kind,
        string detail,
        int? HttpStatus,
        string? OAuthError
    );

    [LoggerMessage(
        1023,
        LogLevel.Information,
        "An operator signed {Connection} out; ended at the vendor: {EndedAtVendor}. {Detail}"
    )]
    public static partial void SignedOut(ILogger logger, ConnectionKey connection, bool endedAtVendor, string detail);

    [LoggerMessage(
        1024,
        LogLevel.Error,
        "The tokens of {Connection}, which is signed out, are still in the vault: {Detail}"
    )]
    public static partial void NotRemoved(ILogger logger, ConnectionKey connection, FailureKind Kind, string detail);

    [LoggerMessage(1025, LogLevel.Error, "Ending the session of {Connection} at the vendor failed unexpectedly.")]
    public static partial void EndingSessionFailed(ILogger logger, ConnectionKey connection, Exception exception);
}
