using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using BackupFunctions.Diagnostics;

namespace BackupFunctions.Core.Tests.Diagnostics;

/// <summary>
/// Hears what the test that made it measures, and nothing of the tests beside it: what it begins carries a mark.
/// </summary>
internal sealed class Listening : IDisposable
{
    private static readonly AsyncLocal<Listening?> Mark = new();

    private readonly ConcurrentQueue<Measurement> _measurements = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Listening()
    {
        Mark.Value = this;
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Instruments.SourceName && !instrument.IsObservable)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Instruments.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                Mark.Value == this ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (Mark.Value == this)
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IReadOnlyCollection<Activity> Spans => _spans;

    public IReadOnlyList<Measurement> Of(string instrument) =>
        [.. _measurements.Where(measurement => measurement.Instrument == instrument)];

    /// <summary>The one span of that name.</summary>
    public Activity Span(string name) => _spans.Single(span => span.OperationName == name);

    public void Dispose()
    {
        Mark.Value = null;
        _activities.Dispose();
        _meters.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Mark.Value == this)
        {
            _measurements.Enqueue(
                new Measurement(
                    instrument.Name,
                    value,
                    string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))
                )
            );
        }
    }

    /// <summary>One number with its attributes: <c>vendor=fake outcome=ok</c>.</summary>
    public sealed record Measurement(string Instrument, double Value, string Tags);
}
