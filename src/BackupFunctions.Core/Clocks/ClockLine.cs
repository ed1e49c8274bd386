namespace BackupFunctions.Clocks;

/// <summary>
/// An instant at which both clocks of the host were read, and what instant it was taken for. From there on the
/// monotonic clock counts, so that setting the system clock changes nothing.
/// </summary>
/// <param name="Now">What it was taken for.</param>
/// <param name="System">What the system clock showed.</param>
/// <param name="Timestamp">What the monotonic clock showed.</param>
internal sealed record ClockLine(DateTimeOffset Now, DateTimeOffset System, long Timestamp)
{
    /// <summary>By how much the two clocks may drift apart before it counts as a step of the system clock.</summary>
    public static readonly TimeSpan Drift = TimeSpan.FromSeconds(2);

    /// <summary>Whether the system clock has only run on since then, and was not set.</summary>
    /// <param name="elapsed">How long ago that was, by the monotonic clock.</param>
    /// <param name="system">What the system clock shows now.</param>
    public bool Holds(TimeSpan elapsed, DateTimeOffset system) => StepOf(elapsed, system).Duration() <= Drift;

    /// <summary>
    /// The line from now on. Set back, the system clock is ignored: time does not run backwards. Set forward, it is
    /// followed, because the host may have been suspended, which the monotonic clock does not count, and tokens have
    /// died meanwhile; unless it now shows what we knew already: then someone has only put it right.
    /// </summary>
    /// <param name="elapsed">How long ago the last reading was, by the monotonic clock.</param>
    /// <param name="system">What the system clock shows now.</param>
    /// <param name="timestamp">What the monotonic clock shows now.</param>
    public ClockLine After(TimeSpan elapsed, DateTimeOffset system, long timestamp)
    {
        var step = StepOf(elapsed, system);
        var now = Now + elapsed;
        var isFollowed = step > Drift && (system - now).Duration() > Drift;
        return new ClockLine(isFollowed ? now + step : now, system, timestamp);
    }

    private TimeSpan StepOf(TimeSpan elapsed, DateTimeOffset system) => system - System - elapsed;
}
