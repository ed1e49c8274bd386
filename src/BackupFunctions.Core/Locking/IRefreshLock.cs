using BackupFunctions.Connections;

namespace BackupFunctions.Locking;

/// <summary>Lets one process at a time renew a connection.</summary>
public interface IRefreshLock
{
    /// <summary>Waits until this caller may renew the connection.</summary>
    /// <param name="key">The connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease; disposing of it admits the next process.</returns>
    /// <exception cref="RefreshLockUnavailableException">
    /// The lock service is unavailable, or another process holds the lock too long.
    /// </exception>
    Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken);
}

/// <summary>The right to renew one connection, until it is disposed of or lost.</summary>
public interface IRefreshLease : IAsyncDisposable
{
    /// <summary>
    /// Whether no other process can have the lock: by time that also counts while this process is paused, and without
    /// asking anyone.
    /// </summary>
    bool IsHeld { get; }

    /// <summary>
    /// Makes sure of a lease that may be over: it goes on if no other process has had the lock since. Does not throw.
    /// </summary>
    Task<LeaseStanding> ConfirmAsync();
}
