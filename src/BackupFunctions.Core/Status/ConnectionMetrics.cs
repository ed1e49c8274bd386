using System.Diagnostics.Metrics;
using BackupFunctions.Connections;
using BackupFunctions.Diagnostics;
using BackupFunctions.State;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Status;

/// <summary>
/// Reports how many connections are in which state, from memory alone: it reads neither vault nor storage. Each
/// instance reports what it knows, so their numbers must not be added up.
/// </summary>
internal sealed class ConnectionMetrics : IHostedService, IDisposable
{
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

    /// <summary>One number per state and vendor with connections; zero for states that no connection is in.</summary>
    internal IEnumerable<Measurement<int>> Count()
    {
        var now = _time.GetUtcNow();
        foreach (var vendor in _directory.Vendors)
        {
            var connections = _directory.Of(vendor);
            var misconfigured = _directory.Misconfigured.Count(wrong => wrong.Vendor.Name == vendor.Name);
            if (connections.Count + misconfigured == 0)
            {
                continue;
            }

            var counts = connections
                .CountBy(connection => StatusRules.HealthOf(_states.Find(connection), now))
                .ToDictionary();
            counts[ConnectionHealth.Misconfigured] = misconfigured;
            foreach (var health in Enum.GetValues<ConnectionHealth>())
            {
                yield return new Measurement<int>(
                    counts.GetValueOrDefault(health),
                    new("vendor", vendor.Name),
                    new("state", HealthName.Of(health))
                );
            }
        }
    }
}
