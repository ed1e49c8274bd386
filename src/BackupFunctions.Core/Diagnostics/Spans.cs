using System.Diagnostics;
using BackupFunctions.Connections;
using BackupFunctions.Problems;

namespace BackupFunctions.Diagnostics;

/// <summary>
/// The spans of the activity source <c>BackupFunctions</c>. They name the connection, and what failed by its problem type; never a
/// token, a secret or an address with a query.
/// </summary>
public static class Spans
{
    /// <summary>A request for a token, or an operator's for a new one.</summary>
    public const string GetToken = "GetToken";

    /// <summary>Obtaining a token: the vault, the lock, the vendor. It outlives the request that began it where that is answered before.</summary>
    public const string Renewal = "Renewal";

    /// <summary>A sign-in, or a tenant's token, at a vendor.</summary>
    public const string VendorCall = "VendorCall";

    /// <summary>A call of a vault.</summary>
    public const string VaultCall = "VaultCall";

    /// <summary>The wait for the refresh lock.</summary>
    public const string LockWait = "LockWait";

    private static readonly ActivitySource Source = new(Instruments.SourceName);

    /// <summary>Begins a span. Null, at no cost, where nobody listens.</summary>
    internal static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) =>
        Source.HasListeners() ? Source.StartActivity(name, kind) : null;

    /// <summary>Begins a span about a connection. Null, at no cost, where nobody listens.</summary>
    internal static Activity? Start(string name, ConnectionKey connection, ActivityKind kind = ActivityKind.Internal)
    {
        var span = Start(name, kind);
        span?.SetTag("vendor", connection.Vendor).SetTag("connection", connection.Connection);
        return span;
    }

    /// <summary>Notes how it ended. OpenTelemetry's semantic conventions: status and <c>error.type</c> for what failed.</summary>
    internal static void End(this Activity span, string outcome, int? httpStatus = null)
    {
        if (outcome != OutcomeName.Ok)
        {
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", outcome);
        }

        if (httpStatus is { } status)
        {
            span.SetTag("http.response.status_code", status);
        }
    }
}
