using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// What happens to tokens, numbered from 1000; a token appears only by its fingerprint. Queries in infra read the
/// beginnings of 1001 and 1002 and the properties of others. Parameters in Pascal case are properties that are not in
/// the message.
/// </summary>
internal static partial class RenewalLog
{
    [LoggerMessage(1001, LogLevel.Information, "Renewed {Connection}: token {Fingerprint} expires {ExpiresAt:O}.")]
    public static partial void Renewed(
        ILogger logger,
        ConnectionKey connection,
        string fingerprint,
        DateTimeOffset expiresAt
    );

    public static void RenewalFailed(
        ILogger logger,
        ConnectionKey connection,
        LedgerEntry record,
        TokenFailure failure
    ) =>
        RenewalFailed(
            logger,
            connection,
            record.FailuresInRow,
            OutcomeName.Of(failure.Kind).Replace('-', ' '),
            failure.Detail,
            record.NextAttempt is { } next ? $"at {next:O}" : "as soon as this is fixed",
            failure.Kind,
            record.NextAttempt,
            failure.HttpStatus,
            failure.OAuthError
        );

    [LoggerMessage(
        1002,
        LogLevel.Warning,
        "Renewal of {Connection} failed (attempt {FailuresInRow}): {Failure}. {Detail} Next attempt: {Retry}."
    )]
    private static partial void RenewalFailed(
        ILogger logger,
        ConnectionKey connection,
        int failuresInRow,
        string failure,
        string detail,
        string retry,
        FailureKind Kind,
        DateTimeOffset? NextAttempt,
        int? HttpStatus,
        string? OAuthError
    );

    public static void VaultReadFailed(ILogger logger, ConnectionKey connection, TokenFailure failure) =>
        VaultReadFailed(logger, connection, failure.Kind, failure.Detail);

    [LoggerMessage(1004, LogLevel.Warning, "Could not read the vault for {Connection}: {Detail}")]
    private static partial void VaultReadFailed(
        ILogger logger,
        ConnectionKey connection,
        FailureKind Kind,
        string detail
    );

    [LoggerMessage(
        1005,
        LogLevel.Error,
        "Token {Fingerprint} of {Connection} is not saved yet: "
            + "{Detail} It stays in memory and is saved as soon as possible."
    )]
    public static partial void SaveFailed(
        ILogger logger,
        ConnectionKey connection,
        string fingerprint,
        FailureKind Kind,
        string detail
    );

    [LoggerMessage(
        1006,
        LogLevel.Warning,
        "Refresh token {Fingerprint} of {Connection} was not saved: the vault holds a newer one from another process."
    )]
    public static partial void Superseded(ILogger logger, ConnectionKey connection, string fingerprint);

    [LoggerMessage(1007, LogLevel.Warning, "Could not acquire the refresh lock of {Connection}.")]
    public static partial void LockUnavailable(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(
        1008,
        LogLevel.Information,
        "The credentials of {Connection} were refused; the vault has another version, which is tried once."
    )]
    public static partial void CredentialsRotated(ILogger logger, ConnectionKey connection);

    [LoggerMessage(
        1009,
        LogLevel.Information,
        "Loaded token {Fingerprint} of {Connection} from the vault; it expires {ExpiresAt:O}."
    )]
    public static partial void Loaded(
        ILogger logger,
        ConnectionKey connection,
        string fingerprint,
        DateTimeOffset expiresAt
    );

    [LoggerMessage(1016, LogLevel.Error, "The sign-in of {Connection} failed unexpectedly.")]
    public static partial void SignInFailed(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(1017, LogLevel.Error, "The renewal of {Connection} failed unexpectedly.")]
    public static partial void RenewalFailedUnexpectedly(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(
        1019,
        LogLevel.Warning,
        "The vendor refuses the newest version of the certificate {Name} of {Connection}; "
            + "its older version {Version} is used instead. Register the new one at the vendor."
    )]
    public static partial void OlderCertificate(ILogger logger, string name, ConnectionKey connection, string version);

    [LoggerMessage(1022, LogLevel.Warning, "The enrolment of {Connection} was refused: {Detail}")]
    public static partial void EnrolmentRefused(
        ILogger logger,
        ConnectionKey connection,
        int? HttpStatus,
        string detail
    );

    [LoggerMessage(
        1026,
        LogLevel.Information,
        "Token {Fingerprint} of {Connection}, which the vault had not "
            + "accepted, is dropped: an operator signed the connection out."
    )]
    public static partial void GivenUp(ILogger logger, ConnectionKey connection, string fingerprint);
}
