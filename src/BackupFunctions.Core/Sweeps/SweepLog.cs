using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Sweeps;

/// <summary>What sweeps report. Queries in infra read the properties of 1018.</summary>
internal static partial class SweepLog
{
    [LoggerMessage(
        1010,
        LogLevel.Information,
        "Sweep of {Vendor}: {Renewed} renewed, {Fresh} not due, {Waiting} waiting, {Failed} failed."
    )]
    public static partial void Swept(ILogger logger, string vendor, int renewed, int fresh, int waiting, int failed);

    [LoggerMessage(1011, LogLevel.Warning, "Sweep of {Vendor} skipped: the previous one is still running.")]
    public static partial void Skipped(ILogger logger, string vendor);

    [LoggerMessage(1012, LogLevel.Error, "Sweep of {Vendor}: {Connection} failed unexpectedly.")]
    public static partial void FailedUnexpectedly(
        ILogger logger,
        string vendor,
        ConnectionKey connection,
        Exception exception
    );

    [LoggerMessage(
        1018,
        LogLevel.Warning,
        "The {Kind} {Name} of {Connection} expires {ExpiresAt:O}, in {Days} days. Renew it "
            + "at the vendor and save the new version in the vault: it is picked up automatically."
    )]
    public static partial void CredentialExpires(
        ILogger logger,
        string kind,
        string name,
        ConnectionKey connection,
        DateTimeOffset expiresAt,
        int days
    );
}
