namespace BackupFunctions.Renewal;

/// <summary>The refresh lock could not be had: its storage is away, or another process holds it for too long.</summary>
public sealed class RefreshLockUnavailableException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">What is wrong, for people.</param>
    /// <param name="heldByOther">True if another process holds the lock; false if the lock service itself is away.</param>
    /// <param name="innerException">What was caught.</param>
    public RefreshLockUnavailableException(string message, bool heldByOther, Exception? innerException = null)
        : base(message, innerException) => IsHeldByOther = heldByOther;

    /// <summary>True if another process holds the lock; false if the lock service itself is away.</summary>
    public bool IsHeldByOther { get; }
}
