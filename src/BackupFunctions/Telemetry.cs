using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using BackupFunctions.Check;
using BackupFunctions.Diagnostics;
using BackupFunctions.Web.Audit;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;

namespace BackupFunctions;

/// <summary>OpenTelemetry, exported to Azure Monitor if a connection string is set.</summary>
internal static class Telemetry
{
    /// <summary>The runtime's meter of HTTP clients: requests to vendors and vaults, by server and status.</summary>
    private const string HttpClientMeter = "System.Net.Http";

    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>
    /// Also read by the Functions host: <c>Authorization=AAD</c> selects an identity over the key in the connection
    /// string.
    /// </summary>
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // host.json filters the host's log; these filter the worker's.
        builder
            .Logging.AddFilter("Azure", LogLevel.Warning)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter(AuditTrail.Category, LogLevel.Information)
            .AddLogStream();

        var telemetry = builder
            .Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithMetrics(metrics => metrics.AddMeter(Instruments.SourceName, HttpClientMeter))
            .WithTracing(tracing => tracing.AddSource(Instruments.SourceName));
        if (builder.Configuration[ConnectionString] is { Length: > 0 } connectionString)
        {
            if (EndpointIn(connectionString) is { } endpoint)
            {
                builder.Services.AddSingleton(new TelemetryEndpoint(endpoint));
            }

            telemetry.UseAzureMonitorExporter(exporter =>
            {
                exporter.ConnectionString = connectionString;

                // Traces are sampled; logs are not along with them, or audit events would be missing.
                exporter.EnableTraceBasedLogsSampler = false;
                exporter.Credential = IsKeyless(builder.Configuration) ? new DefaultAzureCredential() : null;
            });
        }
    }

    /// <summary>
    /// Writes each line to standard output, which the host shows in its log stream and files. It drops lines that the
    /// worker sends it otherwise: those outside invocations always, and all others where the worker has OpenTelemetry
    /// (azure-functions-dotnet-worker issues 3487 and 3489).
    /// </summary>
    private static void AddLogStream(this ILoggingBuilder logging) =>
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });

    /// <summary>The server in a connection string: <c>InstrumentationKey=…;IngestionEndpoint=https://…</c>.</summary>
    private static Uri? EndpointIn(string connectionString) =>
        connectionString
            .Split(';')
            .Select(part => part.Split('=', 2))
            .Where(pair =>
                pair is [var name, _] && name.Trim().Equals("IngestionEndpoint", StringComparison.OrdinalIgnoreCase)
            )
            .Select(pair => Uri.TryCreate(pair[1].Trim(), UriKind.Absolute, out var address) ? address : null)
            .FirstOrDefault();

    private static bool IsKeyless(IConfiguration configuration) =>
        configuration[Authentication]?.Contains("Authorization=AAD", StringComparison.OrdinalIgnoreCase) == true;
}
