namespace BackupFunctions.Emulators;

/// <summary>
/// What goes wrong on purpose, by endpoint. Faults of one endpoint are used up in the order in which they were added;
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

    /// <summary>Lets a fault befall the next calls to an endpoint.</summary>
    /// <param name="endpoint">One of <see cref="Endpoints"/>.</param>
    /// <param name="fault">What befalls them.</param>
    /// <param name="times">How many calls; all by default.</param>
    /// <exception cref="ArgumentException">This emulator has no such endpoint.</exception>
    public void Add(string endpoint, Fault fault, int times = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        if (!_endpoints.Contains(endpoint))
            throw new ArgumentException(
                $"There is no endpoint '{endpoint}' here, only {string.Join(", ", _endpoints)}.",
                nameof(endpoint)
            );

        lock (_gate)
            _armed.Add(new ArmedFault(endpoint, fault, times));
    }

    /// <summary>Takes all faults back; calls that one already holds stay held.</summary>
    public void Clear()
    {
        lock (_gate)
            _armed.Clear();
    }

    /// <summary>
    /// Completes when so many waits were begun for the sake of <see cref="Fault.Delay"/>, <see cref="Fault.Hang"/> or
    /// <see cref="Fault.Drip"/>; only then does turning a fake clock reach them.
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
