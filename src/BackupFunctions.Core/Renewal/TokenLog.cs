using BackupFunctions.Connections;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>What the broker and the refresher tell: facts, numbered from 1000; a token only by its fingerprint.</summary>
internal static partial class TokenLog
{
    [LoggerMessage(1001, LogLevel.Information, "Renewed {Connection}: token {Fingerprint} expires {ExpiresAt:O}.")]
    public static partial void Renewed(
        ILogger logger,
        ConnectionKey connection,
        string fingerprint,
        DateTimeOffset expiresAt
    );

    [LoggerMessage(
        1002,
        LogLevel.Warning,
        "Renewal of {Connection} failed, {FailuresInRow} in a row: {Kind}, HTTP {HttpStatus}, OAuth error {OAuthError}: {Detail} Next attempt {NextAttempt:O}."
    )]
    public static partial void RenewalFailed(
        ILogger logger,
        ConnectionKey connection,
        int failuresInRow,
        FailureKind kind,
        int? httpStatus,
        string? oAuthError,
        string detail,
        DateTimeOffset? nextAttempt
    );

    [LoggerMessage(
        1003,
        LogLevel.Information,
        "A caller reports that {Connection} answered 401 to token {Fingerprint}: it is not handed out again."
    )]
    public static partial void Rejected(ILogger logger, ConnectionKey connection, string fingerprint);

    [LoggerMessage(1004, LogLevel.Warning, "The vault was not read for {Connection}: {Kind}: {Detail}")]
    public static partial void VaultReadFailed(
        ILogger logger,
        ConnectionKey connection,
        FailureKind kind,
        string detail
    );

    [LoggerMessage(
        1005,
        LogLevel.Error,
        "Token {Fingerprint} of {Connection} is not saved yet: {Kind}: {Detail} It stays in memory and is saved as soon as possible."
    )]
    public static partial void SaveFailed(
        ILogger logger,
        ConnectionKey connection,
        string fingerprint,
        FailureKind kind,
        string detail
    );

    [LoggerMessage(
        1006,
        LogLevel.Warning,
        "The refresh token {Fingerprint} of {Connection} was not saved: the vault holds a newer one of another process."
    )]
    public static partial void Superseded(ILogger logger, ConnectionKey connection, string fingerprint);

    [LoggerMessage(1007, LogLevel.Warning, "The refresh lock of {Connection} could not be had.")]
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

    [LoggerMessage(
        1010,
        LogLevel.Information,
        "Sweep of {Vendor}: {Renewed} renewed, {Fresh} not due, {Waiting} waiting, {Failed} failed."
    )]
    public static partial void Swept(ILogger logger, string vendor, int renewed, int fresh, int waiting, int failed);

    [LoggerMessage(1011, LogLevel.Warning, "Sweep of {Vendor} left out: the one before it is still running.")]
    public static partial void SweepLeftOut(ILogger logger, string vendor);

    [LoggerMessage(1012, LogLevel.Error, "Sweep of {Vendor}: {Connection} broke off unexpectedly.")]
    public static partial void SweepBroke(ILogger logger, string vendor, ConnectionKey connection, Exception exception);

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
    public static partial void Scoped(
        ILogger logger,
        ConnectionKey connection,
        Guid tenant,
        string fingerprint,
        DateTimeOffset expiresAt
    );

    [LoggerMessage(
        1015,
        LogLevel.Warning,
        "No token of {Connection} for tenant {Tenant}: {Kind}, HTTP {HttpStatus}, OAuth error {OAuthError}: {Detail}"
    )]
    public static partial void ScopeFailed(
        ILogger logger,
        ConnectionKey connection,
        Guid tenant,
        FailureKind kind,
        int? httpStatus,
        string? oAuthError,
        string detail
    );

    [LoggerMessage(1016, LogLevel.Error, "The sign-in of {Connection} broke off unexpectedly.")]
    public static partial void SignInBroke(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(1017, LogLevel.Error, "The renewal of {Connection} broke off unexpectedly.")]
    public static partial void RenewalBroke(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(
        1018,
        LogLevel.Warning,
        "The {Kind} {Name} of {Connection} ends {ExpiresAt:O}, in {Days} days. Renew it at the vendor and save the new version in the vault: it is picked up by itself."
    )]
    public static partial void CredentialEnds(
        ILogger logger,
        string kind,
        string name,
        ConnectionKey connection,
        DateTimeOffset expiresAt,
        int days
    );

    [LoggerMessage(
        1019,
        LogLevel.Warning,
        "The newest version of the certificate {Name} of {Connection} is refused; its older version {Version} is used instead. Register the new one at the vendor."
    )]
    public static partial void OlderCertificate(ILogger logger, string name, ConnectionKey connection, string version);

    [LoggerMessage(1020, LogLevel.Error, "What other instances noted could not be looked through; it is tried again.")]
    public static partial void WatchBroke(ILogger logger, Exception exception);

    [LoggerMessage(
        1021,
        LogLevel.Information,
        "Another instance heard that {Connection} answered 401 to token {Fingerprint}, or signed it out: it is not handed out again."
    )]
    public static partial void RejectedElsewhere(ILogger logger, ConnectionKey connection, string fingerprint);

    [LoggerMessage(1022, LogLevel.Warning, "The enrolment of {Connection} was refused, HTTP {HttpStatus}: {Detail}")]
    public static partial void EnrolmentRefused(
        ILogger logger,
        ConnectionKey connection,
        int? httpStatus,
        string detail
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
        "The tokens of {Connection}, which is signed out, are still in the vault: {Kind}: {Detail}"
    )]
    public static partial void NotRemoved(ILogger logger, ConnectionKey connection, FailureKind kind, string detail);

    [LoggerMessage(1025, LogLevel.Error, "Ending the session of {Connection} at the vendor broke off unexpectedly.")]
    public static partial void EndingBroke(ILogger logger, ConnectionKey connection, Exception exception);

    [LoggerMessage(
        1026,
        LogLevel.Information,
        "The token {Fingerprint} of {Connection}, which the vault had not taken, is given up: an operator signed the connection out."
    )]
    public static partial void GivenUp(ILogger logger, ConnectionKey connection, string fingerprint);
}
