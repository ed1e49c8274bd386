namespace BackupFunctions.Clocks;

/// <summary>Notices by how much a clock was set back since an instant.</summary>
/// <param name="time">The clock.</param>
internal sealed class ClockWatch(TimeProvider time)
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    /// <summary>By how much; zero if not at all.</summary>
    public TimeSpan SetBackBy
    {
        get
        {
            var by = time.GetElapsedTime(_timestamp) - (time.GetUtcNow() - _began);
            return by > TimeSpan.Zero ? by : TimeSpan.Zero;
        }
    }
}
