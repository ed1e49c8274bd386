namespace BackupFunctions.Locking;

/// <summary>What the lock service says of a lease.</summary>
public enum LeaseStanding
{
    /// <summary>It is held, and no other process has had the lock since it was acquired.</summary>
    Held,

    /// <summary>Another process has the lock, or has had it since.</summary>
    Taken,

    /// <summary>The lease is over, and the lock service cannot say whether another process has the lock.</summary>
    Unknown,
}
