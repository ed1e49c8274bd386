using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>Questions to a lease that may be missing, because its storage is unavailable.</summary>
internal static class RefreshLeases
{
    /// <summary>Throws if another process may renew by now.</summary>
    /// <exception cref="TokenException"><see cref="FailureKind.BackingOff"/>.</exception>
    public static void EnsureHeld(this IRefreshLease? lease, Connection connection)
    {
        if (lease is { IsHeld: false })
        {
            throw Lost(connection);
        }
    }

    /// <summary>The failure of an attempt during which another process may have renewed.</summary>
    public static TokenException Lost(Connection connection) =>
        SkippedAttempts.NotRetrying(
            connection,
            ConnectionState.VaultInterval,
            "The refresh lock was lost to another process."
        );
}
