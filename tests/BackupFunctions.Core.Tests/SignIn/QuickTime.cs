using BackupFunctions.SignIn;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>
/// A clock on which every wait is over at once, and leaves its length behind; the time limits of the pipeline are no waits:
/// they end when somebody else's time has passed them.
/// </summary>
internal sealed class QuickTime() : FakeTimeProvider(Noon)
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];

    /// <summary>How long was waited, wait by wait.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
                return [.. _waits];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= TimeSpan.Zero && dueTime != VendorHttp.AttemptTimeout && dueTime != VendorHttp.TotalTimeout)
        {
            lock (_gate)
                _waits.Add(dueTime);
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
