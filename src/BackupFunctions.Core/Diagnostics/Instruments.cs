using System.Diagnostics.Metrics;

namespace BackupFunctions.Diagnostics;

/// <summary>
/// The instruments of the meter <c>BackupFunctions</c>, named as OpenTelemetry recommends; docs/telemetry.md has a
/// row for each. None has a connection's name as an attribute, because there may be thousands; spans do.
/// </summary>
public static class Instruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "BackupFunctions";

    /// <summary>Requests for a token: <c>vendor</c>, <c>outcome</c>.</summary>
    public const string Requests = "backupfunctions.token.requests";

    /// <summary>The remaining lifetime of tokens when they were returned, in seconds: <c>vendor</c>.</summary>
    public const string RemainingLifetime = "backupfunctions.token.remaining_lifetime";

    /// <summary>
    /// Renewal attempts, from the lock to the saved token, in seconds: <c>vendor</c>, <c>outcome</c>.
    /// </summary>
    public const string RenewalDuration = "backupfunctions.renewal.duration";

    /// <summary>
    /// Sign-ins and tenant tokens at a vendor, with retries, in seconds: <c>vendor</c>, <c>outcome</c>.
    /// </summary>
    public const string VendorCallDuration = "backupfunctions.vendor.call.duration";

    /// <summary>Vault calls with retries, in seconds: <c>kind</c>, <c>outcome</c>.</summary>
    public const string VaultCallDuration = "backupfunctions.vault.call.duration";

    /// <summary>Waits for the refresh lock, in seconds: <c>vendor</c>, <c>outcome</c>.</summary>
    public const string LockWaitDuration = "backupfunctions.lock.wait.duration";

    /// <summary>Failed attempts that put a connection into back-off: <c>vendor</c>, <c>kind</c>.</summary>
    public const string BackOffs = "backupfunctions.backoffs";

    /// <summary>Connections as this process knows them from memory: <c>vendor</c>, <c>state</c>.</summary>
    public const string Connections = "backupfunctions.connections";

    /// <summary>Messages to the alert webhook: <c>kind</c>, <c>outcome</c>.</summary>
    public const string AlertMessages = "backupfunctions.alert.messages";

    /// <summary>Calls of vendors' APIs, in seconds: <c>vendor</c>, <c>outcome</c>.</summary>
    public const string CallDuration = "backupfunctions.call.duration";

    /// <summary>What vendors' APIs replied to callers, in bytes: <c>vendor</c>, <c>outcome</c>.</summary>
    public const string CallSize = "backupfunctions.call.size";

    private static readonly Meter Meter = new(SourceName);

    // Attempts usually take milliseconds, at most 40 s; a renewal may wait another minute for the lock.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120],
    };

    // The refresh window begins at least 900 s before expiry: less left means that renewals fail.
    private static readonly InstrumentAdvice<double> Lifetimes = new()
    {
        HistogramBucketBoundaries = [0, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400],
    };

    internal static Counter<long> RequestCounter { get; } =
        Meter.CreateCounter<long>(Requests, "{request}", "Requests for a token.");

    internal static Histogram<double> RemainingLifetimes { get; } =
        Meter.CreateHistogram(
            RemainingLifetime,
            "s",
            "The remaining lifetime of tokens when they were returned.",
            tags: null,
            Lifetimes
        );

    internal static Histogram<double> Renewals { get; } =
        Meter.CreateHistogram(
            RenewalDuration,
            "s",
            "Renewal attempts, from the lock to the saved token.",
            tags: null,
            Durations
        );

    internal static Histogram<double> VendorCalls { get; } =
        Meter.CreateHistogram(
            VendorCallDuration,
            "s",
            "Sign-ins and tenant tokens at a vendor.",
            tags: null,
            Durations
        );

    internal static Histogram<double> VaultCalls { get; } =
        Meter.CreateHistogram(VaultCallDuration, "s", "Vault calls with retries.", tags: null, Durations);

    internal static Histogram<double> LockWaits { get; } =
        Meter.CreateHistogram(LockWaitDuration, "s", "Waits for the refresh lock.", tags: null, Durations);

    internal static Histogram<double> Calls { get; } =
        Meter.CreateHistogram(CallDuration, "s", "Calls of vendors' APIs.", tags: null, Durations);

    internal static Counter<long> CallBytes { get; } =
        Meter.CreateCounter<long>(CallSize, "By", "What vendors' APIs replied to callers.");

    internal static Counter<long> BackOffCounter { get; } =
        Meter.CreateCounter<long>(BackOffs, "{backoff}", "Failed attempts that put a connection into back-off.");

    internal static Counter<long> AlertMessageCounter { get; } =
        Meter.CreateCounter<long>(AlertMessages, "{message}", "Messages to the alert webhook.");
}
