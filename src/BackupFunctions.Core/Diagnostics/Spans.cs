using System.Diagnostics;
using BackupFunctions.Connections;
using BackupFunctions.Problems;

namespace BackupFunctions.Diagnostics;

/// <summary>
/// The spans of the activity source <c>BackupFunctions</c>. They carry the connection and a failure's problem type,
/// but never a token, a secret or a URL with a query.
/// </summary>
public static class Spans
{
    /// <summary>A request for a token.</summary>
    public const string GetToken = "GetToken";

    /// <summary>A call of a vendor's API for a caller. The vendor gets none of its ids.</summary>
    public const string Call = "Call";

    /// <summary>Obtaining a token: vault, lock, vendor. It may outlive the request that started it.</summary>
    public const string Renewal = "Renewal";

    /// <summary>A sign-in or tenant token at a vendor.</summary>
    public const string VendorCall = "VendorCall";

    /// <summary>A call to a vault.</summary>
    public const string VaultCall = "VaultCall";

    /// <summary>The wait for the refresh lock.</summary>
    public const string LockWait = "LockWait";

    private static readonly ActivitySource Source = new(Instruments.SourceName);

    /// <summary>Starts a span; null, at no cost, without a listener.</summary>
    internal static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) =>
        Source.HasListeners() ? Source.StartActivity(name, kind) : null;

    /// <summary>Starts a span for a connection; null, at no cost, without a listener.</summary>
    internal static Activity? Start(string name, ConnectionKey connection, ActivityKind kind = ActivityKind.Internal)
    {
        var span = Start(name, kind);
        span?.SetTag("vendor", connection.Vendor).SetTag("connection", connection.Connection);
        return span;
    }

    /// <summary>Records the outcome. OpenTelemetry's conventions: status and <c>error.type</c> for a failure.</summary>
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
