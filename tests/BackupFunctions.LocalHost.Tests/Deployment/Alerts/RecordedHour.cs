using BackupFunctions.Diagnostics;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>Rows of an app's hours, as a workspace keeps them.</summary>
internal static class RecordedHour
{
    private static readonly string[] Vendors =
    [
        "acronis",
        "acronis-cyberapp",
        "avepoint",
        "backupnet",
        "druva",
        "veeam",
    ];

    /// <summary>The end of the hour.</summary>
    public static DateTimeOffset End { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Nothing is wrong: sweeps every five minutes, renewals in each hour, callers that are served, two instances that
    /// started once each, and three callers whose own mistakes count for nothing.
    /// </summary>
    public static IReadOnlyList<WorkspaceRow> Healthy { get; } =
    [
        .. Every(TimeSpan.FromMinutes(5), TimeSpan.FromHours(3))
            .SelectMany(at => Vendors.SelectMany(one => Sweep(at, one))),
        .. Every(TimeSpan.FromMinutes(30), TimeSpan.FromHours(3))
            .SelectMany(at => Vendors.Select(vendor => Renewed(at, $"{vendor}/default"))),
        .. Every(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1))
            .SelectMany(at => Vendors.SelectMany(one => Served(at, one))),
        Failed(End.AddHours(-2), "veeam/default"),
        HostStarts(End.AddMinutes(-50), "one"),
        HostStarts(End.AddMinutes(-2), "two"),
        Requests(End.AddMinutes(-3), "acronis", "invalid-parameter", 20),
        Requests(End.AddMinutes(-3), "unknown", "unknown-vendor", 20),
        WorkspaceRow.Request(End.AddMinutes(-3), "GetToken", success: false),
        WorkspaceRow.Request(End.AddMinutes(-3), "RefreshNow", success: false),
        Refused(End.AddMinutes(-3)),
    ];

    /// <summary>The app wrote its last row twenty minutes ago.</summary>
    public static IReadOnlyList<WorkspaceRow> Dead { get; } = [.. Healthy.Where(row => row.At < End.AddMinutes(-20))];

    public static WorkspaceRow Renewed(DateTimeOffset at, string connection) =>
        WorkspaceRow.Event(at, 1001, new { Connection = connection });

    public static WorkspaceRow Failed(DateTimeOffset at, string connection) =>
        WorkspaceRow.Event(at, 1002, new { Connection = connection, Detail = "The vendor refused the credentials." });

    public static WorkspaceRow Requests(DateTimeOffset at, string vendor, string outcome, int count) =>
        WorkspaceRow.Metric(at, Instruments.Requests, count, new { vendor, outcome });

    public static WorkspaceRow HostStarts(DateTimeOffset at, string instance) =>
        WorkspaceRow.HostLine(
            at,
            instance,
            "Host initialization: ConsecutiveErrors=0, StartupCount=1, OperationId=8f0c1c54-0000-0000-0000-000000000000"
        );

    public static WorkspaceRow Refused(DateTimeOffset at) =>
        WorkspaceRow.Event(at, 1305, new { CallerKind = "principal", CallerId = "5f1c" });

    public static WorkspaceRow Swept(DateTimeOffset at, string vendor) =>
        WorkspaceRow.Event(
            at,
            1010,
            new
            {
                Vendor = vendor,
                Renewed = 0,
                Fresh = 1,
                Waiting = 0,
                Failed = 0,
            }
        );

    private static IEnumerable<WorkspaceRow> Sweep(DateTimeOffset at, string vendor) =>
        [Swept(at, vendor), WorkspaceRow.Request(at, "RefreshCatalogue", success: true)];

    private static IEnumerable<WorkspaceRow> Served(DateTimeOffset at, string vendor) =>
        [
            Requests(at, vendor, "ok", 3),
            WorkspaceRow.Metric(at, Instruments.RemainingLifetime, 1800, new { vendor }),
            WorkspaceRow.Request(at, "GetToken", success: true),
        ];

    private static IEnumerable<DateTimeOffset> Every(TimeSpan step, TimeSpan duration) =>
        Enumerable.Range(0, (int)(duration / step)).Select(number => End - (number * step) - TimeSpan.FromSeconds(7));
}
