namespace BackupFunctions.Testing;

/// <summary>A host's clocks: its system clock can be set, and the host can be suspended.</summary>
/// <param name="truth">The true time.</param>
public sealed class SteppedTime(TimeProvider truth) : TimeProvider
{
    private long _suspended;

    /// <summary>How far the system clock is ahead of the true time.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => truth.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => truth.GetUtcNow() + Ahead;

    public override long GetTimestamp() => truth.GetTimestamp() - _suspended;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        truth.CreateTimer(callback, state, dueTime, period);

    /// <summary>What has passed since a timestamp of the true clock was spent suspended.</summary>
    public void SuspendedSince(long timestamp) => _suspended += truth.GetTimestamp() - timestamp;
}
