using System.Diagnostics.Metrics;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.State;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Status;

/// <summary>
/// Tells how many connections are in which state, as this process knows them from memory: no vault and no storage is asked. Of
/// several instances each tells what it knows, so that their numbers are not added up.
/// </summary>
internal sealed class ConnectionMetrics : IHostedService, IDisposable
{
    private static readonly string[] States =
    [
        "healthy",
        "renewing",
        "backing-off",
        "refused",
        "enrolment-needed",
        "signed-out",
        "never",
    ];

    private readonly Meter _meter = new(Instruments.SourceName);
    private readonly ConnectionDirectory _directory;
    private readonly ConnectionStates _states;
    private readonly TimeProvider _time;

    public ConnectionMetrics(ConnectionDirectory directory, ConnectionStates states, TimeProvider time)
    {
        _directory = directory;
        _states = states;
        _time = time;
        _meter.CreateObservableGauge(
            Instruments.Connections,
            Count,
            "{connection}",
            "Connections as this process knows them from memory."
        );
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    /// <summary>One number per vendor that has connections, and state; a state that nobody is in any more is zero.</summary>
    internal IEnumerable<Measurement<int>> Count()
    {
        var now = _time.GetUtcNow();
        foreach (var vendor in _directory.Vendors)
        {
            var connections = _directory.Of(vendor);
            if (connections.Count == 0)
            {
                continue;
            }

            var counts = connections
                .CountBy(connection => StateName.Of(StatusRules.HealthOf(_states.Find(connection), now)))
                .ToDictionary();
            foreach (var state in States)
            {
                yield return new Measurement<int>(
                    counts.GetValueOrDefault(state),
                    new("vendor", vendor.Name),
                    new("state", state)
                );
            }
        }
    }
}
