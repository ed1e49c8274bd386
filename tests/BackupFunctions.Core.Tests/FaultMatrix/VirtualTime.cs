using BackupFunctions.Core.Tests.SignIn;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>A clock that stands still until it is moved to the next timer, so that an hour's waits take no time and no wait is missed.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = QuickTime.Noon;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves to the next timer and lets it ring.</summary>
    /// <returns>False if none is due until then; then the clock shows that instant.</returns>
    public bool TryMoveToNextTimer(DateTimeOffset noLaterThan)
    {
        Timer? next;
        lock (_gate)
        {
            next = _timers.Where(timer => timer.Due <= noLaterThan).MinBy(timer => timer.Due);
            var then = next?.Due ?? noLaterThan;
            _now = then > _now ? then : _now;
            next?.Due = null;
        }

        next?.Ring();
        return next is not null;
    }

    private sealed class Timer(VirtualTime time, Action ring) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period > TimeSpan.Zero)
                throw new NotSupportedException("Nothing here ticks.");
            lock (time._gate)
                Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
