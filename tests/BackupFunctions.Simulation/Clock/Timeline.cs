namespace BackupFunctions.Simulation;

/// <summary>
/// Virtual time and all its events, ordered by instant and then by when they were scheduled. One thread runs it; a call
/// from another thread is a leak to the thread pool, which would make a seed differ from its replay.
/// </summary>
internal sealed class Timeline(int seed, DateTimeOffset start)
{
    private readonly PriorityQueue<Planned, (long Ticks, long Sequence)> _planned = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _ticks = start.UtcTicks;
    private long _sequence;

    public DateTimeOffset Now
    {
        get
        {
            EnsureOnThread();
            return new DateTimeOffset(_ticks, TimeSpan.Zero);
        }
    }

    /// <summary>The number of events so far.</summary>
    public long Events { get; private set; }

    /// <summary>Schedules an event, now if the instant is past. It runs without a synchronization context.</summary>
    public void At(DateTimeOffset at, Action happen)
    {
        EnsureOnThread();
        _planned.Enqueue(new Planned(happen), (Math.Max(at.UtcTicks, _ticks), _sequence++));
    }

    public void In(TimeSpan wait, Action happen) => At(Now + wait, happen);

    /// <summary>Runs all events up to an instant.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_planned.TryPeek(out _, out var next) && next.Ticks <= end.UtcTicks)
        {
            var planned = _planned.Dequeue();
            _ticks = next.Ticks;
            Events++;
            planned.Happen();
        }

        _ticks = end.UtcTicks;
    }

    public void EnsureOnThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new LeakedToPoolException(seed, new DateTimeOffset(_ticks, TimeSpan.Zero));
        }
    }

    private readonly record struct Planned(Action Happen);
}
