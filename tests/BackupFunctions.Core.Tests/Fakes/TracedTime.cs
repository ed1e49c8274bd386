using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A clock that tells of the waits that begin on it.</summary>
internal sealed class TracedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<DateTimeOffset> _ends = Channel.CreateUnbounded<DateTimeOffset>();

    /// <summary>When the next wait that begins will end; the waits since the start of the clock, in order.</summary>
    public ValueTask<DateTimeOffset> NextWaitAsync(CancellationToken cancellationToken) =>
        _ends.Reader.ReadAsync(cancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var end = GetUtcNow() + dueTime;
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _ends.Writer.TryWrite(end);
        return timer;
    }
}
