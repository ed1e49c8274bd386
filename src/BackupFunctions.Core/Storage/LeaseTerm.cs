namespace BackupFunctions.Storage;

/// <summary>
/// When a lease was last asked for, on two clocks: the monotonic one does not count while the machine is suspended, and
/// the system's may be stepped. A span is over as soon as either says so.
/// </summary>
/// <param name="Timestamp">On the monotonic clock.</param>
/// <param name="At">On the system's clock.</param>
internal sealed record LeaseTerm(long Timestamp, DateTimeOffset At)
{
    /// <summary>A term that begins now, before the request: storage may count from the moment it came in.</summary>
    public static LeaseTerm Begin(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>What is left of a span since then; zero if it is over.</summary>
    public TimeSpan LeftOf(TimeSpan span, TimeProvider time)
    {
        var (monotonic, system) = (time.GetElapsedTime(Timestamp), time.GetUtcNow() - At);
        var left = span - (monotonic > system ? monotonic : system);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
