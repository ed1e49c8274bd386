namespace BackupFunctions.Storage;

/// <summary>Remembers for a while that storage failed. Thread-safe.</summary>
/// <param name="pause">For how long.</param>
/// <param name="time">The clock.</param>
internal sealed class StorageBreaker(TimeSpan pause, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _failedAt;

    /// <summary>How much longer storage is left alone; null if it may be asked.</summary>
    public TimeSpan? Left
    {
        get
        {
            lock (_lock)
            {
                return _failedAt is { } failedAt && pause - time.GetElapsedTime(failedAt) is { Ticks: > 0 } left
                    ? left
                    : null;
            }
        }
    }

    /// <summary>Storage failed just now.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _failedAt = time.GetTimestamp();
        }
    }

    /// <summary>Storage answered.</summary>
    public void End()
    {
        lock (_lock)
        {
            _failedAt = null;
        }
    }
}
