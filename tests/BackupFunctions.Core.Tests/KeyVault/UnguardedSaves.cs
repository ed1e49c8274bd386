using BackupFunctions.Connections;
using BackupFunctions.KeyVault;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.KeyVault;

/// <summary>Saves that nothing prevents.</summary>
internal static class UnguardedSaves
{
    public static Task SaveAccessTokenAsync(
        this KeyVaultTokenStore store,
        Connection connection,
        AccessToken token,
        WritePriority priority,
        CancellationToken cancellationToken
    ) => store.SaveAccessTokenAsync(connection, token, priority, static () => { }, cancellationToken);

    public static Task SaveRefreshTokenAsync(
        this KeyVaultTokenStore store,
        Connection connection,
        RefreshToken token,
        CancellationToken cancellationToken
    ) => store.SaveRefreshTokenAsync(connection, token, static () => { }, cancellationToken);
}
