using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Calls;

/// <summary>
/// With a canary in every secret and token, none flies out: not into a log at Trace level, a span, a metric or a reply.
/// </summary>
public sealed class CanaryTests
{
    private const string Base = "/api/Call/northwind/default/";

    /// <summary>What the caller sends for this app, and what is in its queries, headers and bodies.</summary>
    private static readonly string[] OfCaller =
    [
        "canary-of-the-callers-entra-token",
        "canary-of-the-callers-function-key",
        "canary-of-the-callers-cookie",
        "canary-of-the-body",
    ];

    private static readonly string[] OfVendor =
    [
        "the-secret-of-northwind",
        "token-number-1-of-northwind",
        "token-number-2-of-northwind",
        "token-number-3-of-northwind",
    ];

    private readonly LogRecorder _log = new();
    private readonly StringBuilder _replies = new();

    [Fact]
    public async Task No_canary_flies_out_of_a_call_however_it_ends()
    {
        foreach (var canary in OfCaller.Concat(OfVendor))
            _log.Guard(canary);
        using var telemetry = new Telemetry();
        await using (var vendor = new RawVendor(AnswerAsync))
        {
            await using var host = await RunningHost.StartAsync(vendor.Settings(), log: _log);
            foreach (var path in new[] { "fine", "rejected-once", "rejected", "switch", "broken", "../x", "x%2fy" })
                await CallAsync(host, path);
            Assert.Contains(vendor.Calls, call => call.Contains("token-number-2-", StringComparison.Ordinal));
            Assert.Contains(vendor.Calls, call => call.Contains("canary-of-the-body", StringComparison.Ordinal));
        }

        await CallAsync(
            new Dictionary<string, string>
            {
                ["Vendors__Northwind__Flow"] = "StaticKey",
                ["Vendors__Northwind__KeyHeader"] = "x-api-key",
                ["Connections__Northwind__default__BaseUrl"] = "http://127.0.0.1:1",
                ["EmbeddedVault__Secrets__northwind_default_api_key"] = SuiteLog.Guard("the-secret-of-northwind"),
            }
        );

        _log.AssertClean();
        Assert.Contains(_log.Events, one => one.EventId.Id == 1307);
        Assert.Contains("Call ", telemetry.Text, StringComparison.Ordinal);
        Assert.Contains("backupfunctions.call.duration", telemetry.Text, StringComparison.Ordinal);
        foreach (var canary in OfCaller.Concat(OfVendor))
        {
            Assert.DoesNotContain(canary, telemetry.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(canary, _replies.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>So that an empty net does not pass for a clean catch.</summary>
    [Fact]
    public async Task It_would_see_one_that_does()
    {
        using var telemetry = new Telemetry();
        await using var vendor = RawVendor.Saying(RawVendor.Reply(200, "canary-in-the-reply"));
        await using var host = await RunningHost.StartAsync(vendor.Settings(), log: _log);

        await CallAsync(host, "canary-in-the-path");

        Assert.Contains("canary-in-the-reply", _replies.ToString(), StringComparison.Ordinal);
        Assert.Contains(_log.Events, one => one.Message.Contains("canary-in-the-path", StringComparison.Ordinal));
        using (var source = new ActivitySource("any"))
            source.StartActivity("span")!.SetTag("tag", "canary-in-the-span").Dispose();
        Assert.Contains("canary-in-the-span", telemetry.Text, StringComparison.Ordinal);
    }

    private static Task AnswerAsync(string request, Stream stream)
    {
        var path = request.Split(' ')[1];
        var isFirst = request.Contains("token-number-1-", StringComparison.Ordinal);
        return path switch
        {
            "/base/rejected" => WriteAsync(stream, RawVendor.Reply(403, "no")),
            "/base/rejected-once" when isFirst => WriteAsync(stream, RawVendor.Reply(401, "no")),
            "/base/switch" => WriteAsync(stream, "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
            "/base/broken" => WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
            _ => WriteAsync(stream, RawVendor.Reply(200, "fine", "X-Reply: fine\r\n")),
        };
    }

    private static Task WriteAsync(Stream stream, string text) =>
        stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    private async Task CallAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var host = await RunningHost.StartAsync(settings, log: _log);
        await CallAsync(host, "fine");
    }

    private async Task CallAsync(RunningHost host, string path) =>
        _replies.AppendLine(
            await RawCaller.SendAsync(
                host,
                Base + path,
                "Authorization: Bearer canary-of-the-callers-entra-token\r\n"
                    + "x-functions-key: canary-of-the-callers-function-key\r\n"
                    + "Cookie: session=canary-of-the-callers-cookie\r\n"
                    + "Content-Length: 18\r\n\r\ncanary-of-the-body",
                "POST"
            )
        );

    /// <summary>Every span and measurement of the process, in words.</summary>
    private sealed class Telemetry : IDisposable
    {
        private readonly ConcurrentQueue<string> _seen = new();
        private readonly MeterListener _meters = new();
        private readonly ActivityListener _activities;

        public Telemetry()
        {
            _meters.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
            _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
            _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
            _meters.Start();
            _activities = new ActivityListener
            {
                ShouldListenTo = static _ => true,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                    ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Add,
            };
            ActivitySource.AddActivityListener(_activities);
        }

        public string Text => string.Join('\n', _seen);

        public void Dispose()
        {
            _activities.Dispose();
            _meters.Dispose();
        }

        private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _seen.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}");

        private void Add(Activity span) =>
            _seen.Enqueue(
                $"{span.OperationName} {span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} "
                    + $"{string.Join(' ', span.Baggage)} "
                    + string.Join(' ', span.Events.Select(one => $"{one.Name} {string.Join(' ', one.Tags)}"))
            );
    }
}
