namespace BackupFunctions.Emulators;

/// <summary>
/// The injected faults, by endpoint. Faults of one endpoint apply in the order in which they were added;
/// those of <see cref="Endpoints.Every"/> come after the endpoint's own.
/// </summary>
public sealed class Faults
{
    private readonly TimeProvider _time;
    private readonly HashSet<string> _endpoints;
    private readonly Milestones _held = new();
    private readonly Lock _gate = new();
    private readonly List<ArmedFault> _armed = [];

    internal Faults(TimeProvider time, IEnumerable<string> endpoints)
    {
        _time = time;
        _endpoints = [.. endpoints, Endpoints.Every];
    }

    /// <summary>Injects a fault into the next calls to an endpoint.</summary>
    /// <param name="endpoint">One of <see cref="Endpoints"/>.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="times">The number of calls; all by default.</param>
    /// <exception cref="ArgumentException">This emulator does not have the endpoint.</exception>
    public void Add(string endpoint, Fault fault, int times = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        if (!_endpoints.Contains(endpoint))
            throw new ArgumentException(
                $"This emulator does not have the endpoint '{endpoint}', only {string.Join(", ", _endpoints)}.",
                nameof(endpoint)
            );

        lock (_gate)
            _armed.Add(new ArmedFault(endpoint, fault, times));
    }

    /// <summary>Removes all faults; calls that a fault already holds stay held.</summary>
    public void Clear()
    {
        lock (_gate)
            _armed.Clear();
    }

    /// <summary>
    /// Completes when <see cref="Fault.Delay"/>, <see cref="Fault.Hang"/> and <see cref="Fault.Drip"/> have started
    /// that many waits; only then does advancing a fake clock reach them.
    /// </summary>
    public Task WaitUntilHeldAsync(int waits = 1, CancellationToken cancellationToken = default) =>
        _held.WaitForAsync(waits, cancellationToken);

    internal Fault? Take(string endpoint)
    {
        lock (_gate)
        {
            var next = _armed.Find(armed => armed.Endpoint == endpoint)
                ?? _armed.Find(static armed => armed.Endpoint == Endpoints.Every);
            if (next is not null && --next.Left == 0)
                _armed.Remove(next);
            return next?.Fault;
        }
    }

    internal HeldCall Hold(CancellationToken left) => new(_time, _held, left);

    private sealed class ArmedFault(string endpoint, Fault fault, int times)
    {
        public string Endpoint => endpoint;

        public Fault Fault => fault;

        public int Left { get; set; } = times;
    }
}
