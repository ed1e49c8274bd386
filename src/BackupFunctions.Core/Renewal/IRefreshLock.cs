using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>Lets one process at a time renew a connection.</summary>
public interface IRefreshLock
{
    /// <summary>Waits until this caller may renew the connection.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease; disposing it lets the next one in.</returns>
    /// <exception cref="RefreshLockUnavailableException">The lock service is away, or another holder did not end in time.</exception>
    Task<IRefreshLease> AcquireAsync(ConnectionKey key, CancellationToken cancellationToken);
}

/// <summary>The right to renew one connection, until it is disposed or lost.</summary>
public interface IRefreshLease : IAsyncDisposable
{
    /// <summary>Cancelled when the lease was lost: somebody else may renew now.</summary>
    CancellationToken Lost { get; }
}

/// <summary>What is asked of a lease by whoever may have none.</summary>
internal static class RefreshLeases
{
    /// <summary>Whether somebody else may renew by now.</summary>
    public static bool WasLost(this IRefreshLease? lease) => lease?.Lost.IsCancellationRequested == true;

    /// <summary>Throws if somebody else may renew by now.</summary>
    /// <exception cref="TokenException"><see cref="FailureKind.BackingOff"/>.</exception>
    public static void EnsureHeld(this IRefreshLease? lease, ConnectionState session)
    {
        if (lease.WasLost())
        {
            throw SkippedAttempts.BackingOff(
                session,
                RenewalRules.NewsInterval,
                "the refresh lock was lost to another process"
            );
        }
    }
}
