namespace BackupFunctions.Emulators;

/// <summary>How often each endpoint was called, including calls that met a fault, excluding the control API.</summary>
public sealed class Counters
{
    private readonly Dictionary<string, CallCount> _calls;
    private int _refusedSignIns;

    internal Counters(IEnumerable<string> endpoints) =>
        _calls = endpoints
            .Append(Endpoints.Unknown)
            .ToDictionary(static name => name, static _ => new CallCount(), StringComparer.Ordinal);

    /// <summary>The calls to all endpoints.</summary>
    public int Total => _calls.Values.Sum(static count => count.Calls);

    /// <summary>The calls to all endpoints that are in progress.</summary>
    public int UnderWay => _calls.Values.Sum(static count => count.UnderWay);

    /// <summary>How many sign-ins were refused: bad credentials, codes, assertions or refresh tokens.</summary>
    public int RefusedSignIns => Volatile.Read(ref _refusedSignIns);

    /// <summary>The calls to one endpoint.</summary>
    /// <exception cref="ArgumentException">This emulator does not have the endpoint.</exception>
    public int this[string endpoint] => Of(endpoint).Calls;

    /// <summary>The largest number of concurrent calls to one endpoint so far.</summary>
    public int MaxConcurrent(string endpoint) => Of(endpoint).Peak;

    /// <summary>Completes when an endpoint has been called that many times; a call counts on arrival.</summary>
    public Task WaitForAsync(string endpoint, int calls, CancellationToken cancellationToken = default) =>
        Of(endpoint).WaitForAsync(calls, cancellationToken);

    /// <summary>The current counts.</summary>
    public IReadOnlyDictionary<string, int> Snapshot() =>
        _calls.ToDictionary(static pair => pair.Key, static pair => pair.Value.Calls, StringComparer.Ordinal);

    internal IDisposable Enter(string endpoint) => Of(endpoint).Enter();

    internal void AddRefusedSignIn() => Interlocked.Increment(ref _refusedSignIns);

    private CallCount Of(string endpoint) =>
        _calls.TryGetValue(endpoint, out var count)
            ? count
            : throw new ArgumentException(
                $"This emulator does not have the endpoint '{endpoint}', only {string.Join(", ", _calls.Keys)}.",
                nameof(endpoint)
            );
}
