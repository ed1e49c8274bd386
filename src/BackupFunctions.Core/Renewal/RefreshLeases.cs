using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>Questions to a lease that may be missing, because its storage is unavailable.</summary>
internal static class RefreshLeases
{
    /// <summary>Whether another process may renew by now.</summary>
    public static bool WasLost(this IRefreshLease? lease) => lease?.Lost.IsCancellationRequested == true;

    /// <summary>Throws if another process may renew by now.</summary>
    /// <exception cref="TokenException"><see cref="FailureKind.BackingOff"/>.</exception>
    public static void EnsureHeld(this IRefreshLease? lease, Connection connection)
    {
        if (lease.WasLost())
        {
            const string Why = "The refresh lock was lost to another process.";
            throw SkippedAttempts.NotRetrying(connection, ConnectionState.VaultInterval, Why);
        }
    }
}
