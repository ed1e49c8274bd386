using BackupFunctions.Diagnostics;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Program;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Metrics_spans_and_audit_events_are_exported_if_the_environment_asks_for_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        var token = await GetTokenAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "contoso-tokens")
        );

        var (metrics, traces, logs) = (
            All(receiver, "/v1/metrics"),
            All(receiver, "/v1/traces"),
            All(receiver, "/v1/logs")
        );
        Assert.All(
            [
                Instruments.Requests,
                Instruments.RemainingLifetime,
                Instruments.RenewalDuration,
                Instruments.VendorCallDuration,
                Instruments.VaultCallDuration,
                Instruments.LockWaitDuration,
                Instruments.Connections,
                "http.client.request.duration",
            ],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal)
        );
        Assert.All([Spans.GetToken, Spans.Renewal, Spans.LockWait, Spans.VendorCall, Spans.VaultCall], name =>
            Assert.Contains(name, traces, StringComparison.Ordinal)
        );
        Assert.All([" issued to a local caller; expires ", "CallerKind", "CallerApplication"], text =>
            Assert.Contains(text, logs, StringComparison.Ordinal)
        );
        Assert.All([metrics, traces, logs], text =>
        {
            Assert.Contains("contoso-tokens", text, StringComparison.Ordinal);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("a-key-in-the-query", metrics + traces, StringComparison.Ordinal);
        Assert.All(receiver.Received.SelectMany(one => one), one =>
            Assert.Equal("application/x-protobuf", one.ContentType)
        );
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true", "")]
    [InlineData("OTEL_TRACES_EXPORTER", "none", "/v1/logs /v1/metrics")]
    [InlineData("OTEL_SERVICE_NAME", "", "/v1/logs /v1/metrics /v1/traces")]
    public async Task What_the_environment_switches_off_is_not_exported(string name, string value, string paths)
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        await GetTokenAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            (name, value)
        );

        Assert.Equal(paths, string.Join(' ', receiver.Received.Select(one => one.Key).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_single_signal_can_be_exported()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        await GetTokenAsync(
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", receiver.Address + "/mine"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf")
        );

        Assert.Equal(["/mine"], receiver.Received.Select(one => one.Key));
        Assert.Contains("BackupFunctions.LocalHost", All(receiver, "/mine"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_exported_by_default()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        await GetTokenAsync(("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "contoso-tokens"));

        Assert.Empty(receiver.Received);
    }

    private static string All(OtlpReceiver receiver, string path) =>
        string.Concat(receiver.Received[path].Select(one => one.Body));

    /// <summary>Gets one token and stops the host, so that everything is exported.</summary>
    private static async Task<string> GetTokenAsync(params (string Name, string Value)[] settings)
    {
        await using var host = await RunningHost.StartAsync(
            settings.ToDictionary(setting => setting.Name, setting => setting.Value)
        );
        var reply = await host.GetTokenAsync("acronis?code=a-key-in-the-query");
        Assert.Equal(200, reply.Status);
        return SuiteLog.Guard(reply.AccessToken);
    }
}
