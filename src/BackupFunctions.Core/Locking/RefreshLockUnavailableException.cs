namespace BackupFunctions.Locking;

/// <summary>
/// The refresh lock could not be acquired: its storage is unavailable, or another process holds it too long.
/// </summary>
public sealed class RefreshLockUnavailableException : Exception
{
    /// <summary>Describes why.</summary>
    /// <param name="message">What is wrong, in a whole sentence.</param>
    /// <param name="heldByOther">
    /// True if another process holds the lock; false if the lock service is unavailable.
    /// </param>
    /// <param name="innerException">What was caught.</param>
    public RefreshLockUnavailableException(string message, bool heldByOther, Exception? innerException = null)
        : base(message, innerException) => IsHeldByOther = heldByOther;

    /// <summary>True if another process holds the lock; false if the lock service is unavailable.</summary>
    public bool IsHeldByOther { get; }

    /// <summary>The name of the outcome in metrics; null for any other exception.</summary>
    /// <param name="exception">How the wait for the lock ended.</param>
    internal static string? OutcomeOf(Exception exception)
    {
        if (exception is not RefreshLockUnavailableException unavailable)
        {
            return null;
        }

        return unavailable.IsHeldByOther ? "held-by-other" : "storage-unavailable";
    }
}
