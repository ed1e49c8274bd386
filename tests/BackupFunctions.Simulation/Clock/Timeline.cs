namespace BackupFunctions.Simulation;

/// <summary>
/// Virtual time and everything that happens in it, in order of instant and, within one instant, of being planned. One thread runs
/// it; whoever comes from another one is a leak to the thread pool, which would make a seed differ from its replay.
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

    /// <summary>How many events have happened.</summary>
    public long Events { get; private set; }

    /// <summary>Plans an event.</summary>
    /// <param name="at">When; at once if that is past.</param>
    /// <param name="happen">What happens. No synchronization context is set meanwhile, unless it sets one.</param>
    public void At(DateTimeOffset at, Action happen)
    {
        EnsureOnThread();
        _planned.Enqueue(new Planned(happen), (Math.Max(at.UtcTicks, _ticks), _sequence++));
    }

    public void In(TimeSpan wait, Action happen) => At(Now + wait, happen);

    /// <summary>Lets everything happen that is planned until an instant.</summary>
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
