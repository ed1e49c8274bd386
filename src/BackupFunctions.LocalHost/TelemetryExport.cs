using System.Globalization;
using BackupFunctions.Diagnostics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BackupFunctions.LocalHost;

/// <summary>
/// OTLP export, if OpenTelemetry's standard environment variables ask for it
/// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Otherwise nothing is sent.
/// </summary>
internal static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The runtime's meter of HTTP clients.</summary>
    private const string HttpClientMeter = "System.Net.Http";

    /// <summary>The runtime's request spans, the parents of ours.</summary>
    private const string ServerSource = "Microsoft.AspNetCore";

    public static void AddTo(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        if (bool.TryParse(settings["OTEL_SDK_DISABLED"], out var isDisabled) && isDisabled)
        {
            return;
        }

        var (metrics, traces, logs) = (Asks(settings, "METRICS"), Asks(settings, "TRACES"), Asks(settings, "LOGS"));
        if (!metrics && !traces && !logs)
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry();
        if (string.IsNullOrEmpty(settings["OTEL_SERVICE_NAME"]))
        {
            telemetry.ConfigureResource(resource =>
                resource.AddService("BackupFunctions.LocalHost", autoGenerateServiceInstanceId: false)
            );
        }

        if (metrics)
        {
            telemetry.WithMetrics(meters =>
                meters
                    .AddMeter(Instruments.SourceName, HttpClientMeter)
                    .AddOtlpExporter(exporter => Configure(settings, "METRICS", exporter))
            );
        }

        if (traces)
        {
            telemetry.WithTracing(spans =>
                spans
                    .AddSource(Instruments.SourceName, ServerSource)
                    .AddOtlpExporter(exporter => Configure(settings, "TRACES", exporter))
            );
        }

        if (logs)
        {
            telemetry.WithLogging(
                events => events.AddOtlpExporter(exporter => Configure(settings, "LOGS", exporter)),
                options => options.IncludeFormattedMessage = true
            );
        }
    }

    /// <summary>
    /// Variables of one signal override those of all signals; the exporter itself reads only the latter.
    /// </summary>
    private static void Configure(ConfigurationManager settings, string signal, OtlpExporterOptions exporter)
    {
        if (settings[Of(signal, "PROTOCOL")] is { Length: > 0 } protocol)
        {
            exporter.Protocol = protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        }

        if (Uri.TryCreate(settings[Of(signal, "ENDPOINT")], UriKind.Absolute, out var endpoint))
        {
            exporter.Endpoint = endpoint;
        }

        exporter.Headers = settings[Of(signal, "HEADERS")] is { Length: > 0 } headers ? headers : exporter.Headers;
        exporter.TimeoutMilliseconds = int.TryParse(
            settings[Of(signal, "TIMEOUT")],
            CultureInfo.InvariantCulture,
            out var timeout
        )
            ? timeout
            : exporter.TimeoutMilliseconds;
    }

    private static string Of(string signal, string what) => $"OTEL_EXPORTER_OTLP_{signal}_{what}";

    private static bool Asks(ConfigurationManager settings, string signal) =>
        (!string.IsNullOrWhiteSpace(settings[Endpoint]) || !string.IsNullOrWhiteSpace(settings[Of(signal, "ENDPOINT")]))
        && !string.Equals(settings[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);
}
