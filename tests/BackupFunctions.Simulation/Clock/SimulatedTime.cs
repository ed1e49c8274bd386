namespace BackupFunctions.Simulation;

/// <summary>
/// The clocks of one instance: they show the virtual time, but for a system clock that was set, and its timers die with
/// the instance.
/// </summary>
// Not TestTime: timers and all other events share one queue and one thread, or a seed would not replay.
internal sealed class SimulatedTime(Timeline timeline, Func<bool> isAlive) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far the instance's system clock is ahead of the true time.</summary>
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => timeline.Now + Ahead;

    public override long GetTimestamp() => timeline.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(timeline, isAlive, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Timeline timeline, Func<bool> isAlive, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                // System timers count milliseconds and never fire early.
                timeline.In(TimeSpan.FromMilliseconds(Math.Ceiling(dueTime.TotalMilliseconds)), () => Fire(version));
            }

            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int version)
        {
            if (version != _version || !isAlive())
            {
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                timeline.In(_period, () => Fire(version));
            }

            callback(state);
        }
    }
}
