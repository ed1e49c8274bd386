namespace BackupFunctions.Emulators;

/// <summary>The calls to one endpoint: how many, how many at once, and the waits for more.</summary>
internal sealed class CallCount
{
    private readonly Milestones _calls = new();
    private readonly Lock _gate = new();
    private int _current;

    public int Calls => _calls.Count;

    public int Peak { get; private set; }

    public Task WaitForAsync(int calls, CancellationToken cancellationToken) =>
        _calls.WaitForAsync(calls, cancellationToken);

    public int UnderWay
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    public IDisposable Enter()
    {
        lock (_gate)
            Peak = Math.Max(Peak, ++_current);
        _calls.Increment();
        return new Call(this);
    }

    private void Leave()
    {
        lock (_gate)
            _current--;
    }

    private sealed class Call(CallCount count) : IDisposable
    {
        public void Dispose() => count.Leave();
    }
}
