using System.Threading.Channels;
using BackupFunctions.SignIn.Transport;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Testing;

/// <summary>
/// A clock that only the test moves: by hand, from timer to timer, or, with <see cref="TimersFireAtOnce"/>, by each
/// timer itself. It records the waits that begin on it.
/// </summary>
public sealed class TestTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly HashSet<Timer> _timers = [];
    private readonly Channel<DateTimeOffset> _ends = Channel.CreateUnbounded<DateTimeOffset>();

    public TestTime()
        : this(Noon) { }

    /// <summary>
    /// Whether the clock moves to the end of each timer as soon as it is created. The time limits of <see
    /// cref="VendorHttp"/> are exempt: they only expire when other timers move the clock past them.
    /// </summary>
    public bool TimersFireAtOnce { get; init; }

    /// <summary>How long each wait was, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
                return [.. _waits];
        }
    }

    /// <summary>When the next wait ends; answers for the waits since the clock's start, in order.</summary>
    public ValueTask<DateTimeOffset> NextWaitAsync(CancellationToken cancellationToken) =>
        _ends.Reader.ReadAsync(cancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var end = GetUtcNow() + dueTime;
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        _ends.Writer.TryWrite(end);
        if (IsWait(dueTime))
        {
            lock (_gate)
                _waits.Add(dueTime);
            if (TimersFireAtOnce)
                ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }

    /// <summary>Moves to the next timer and fires it.</summary>
    /// <returns>False if none is due by then; the clock then shows that instant.</returns>
    public bool TryMoveToNextTimer(DateTimeOffset noLaterThan)
    {
        DateTimeOffset? due;
        lock (_gate)
            due = _timers.Min(timer => timer.Due);
        var isDue = due <= noLaterThan;
        var then = isDue ? due!.Value : noLaterThan;
        if (then > GetUtcNow())
            SetUtcNow(then);
        return isDue;
    }

    private static bool IsWait(TimeSpan dueTime) =>
        dueTime >= TimeSpan.Zero && dueTime != VendorHttp.AttemptTimeout && dueTime != VendorHttp.TotalTimeout;

    private ITimer CreateBaseTimer(TimerCallback callback) =>
        base.CreateTimer(callback, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>A timer whose next instant is known.</summary>
    private sealed class Timer : ITimer
    {
        private readonly TestTime _time;
        private readonly ITimer _inner;
        private TimeSpan _period;

        public Timer(TestTime time, TimerCallback callback, object? state)
        {
            _time = time;
            _inner = time.CreateBaseTimer(_ =>
            {
                SetDue(_period);
                callback(state);
            });
        }

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            SetDue(dueTime);
            return _inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            SetDue(Timeout.InfiniteTimeSpan);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void SetDue(TimeSpan wait)
        {
            lock (_time._gate)
            {
                Due = wait < TimeSpan.Zero ? null : _time.GetUtcNow() + wait;
                if (Due is null)
                    _time._timers.Remove(this);
                else
                    _time._timers.Add(this);
            }
        }
    }
}
