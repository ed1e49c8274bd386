using Azure;
using Azure.Security.KeyVault.Secrets;

namespace BackupFunctions.KeyVault;

/// <summary>Finds, sets and deletes a secret, whether or not its name was deleted before.</summary>
/// <param name="time">Times the waits while a deleted secret is recovered.</param>
internal sealed class TokenSecretAccess(TimeProvider time)
{
    private const int RecoverTries = 20;
    private static readonly TimeSpan RecoverWait = TimeSpan.FromSeconds(1);

    /// <summary>The current version; null if there is none, or it is disabled.</summary>
    public static async Task<KeyVaultSecret?> FindAsync(
        SecretClient vault,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await VaultCall.RunAsync(
                vault,
                async () => (await vault.GetSecretAsync(name, cancellationToken: cancellationToken)).Value,
                VaultErrors.IsAbsent,
                cancellationToken
            );
        }
        catch (RequestFailedException)
        {
            return null;
        }
    }

    public static async Task DeleteAsync(SecretClient vault, string name, CancellationToken cancellationToken)
    {
        try
        {
            await VaultCall.RunAsync(
                vault,
                () => vault.StartDeleteSecretAsync(name, cancellationToken),
                exception => exception.Status == 404,
                cancellationToken
            );
        }
        catch (RequestFailedException)
        {
            // There is none.
        }
    }

    public async Task SetAsync(SecretClient vault, KeyVaultSecret secret, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await VaultCall.RunAsync(
                    vault,
                    () => vault.SetSecretAsync(secret, cancellationToken),
                    exception => VaultErrors.IsDeleted(exception) && attempt < RecoverTries,
                    cancellationToken
                );
                return;
            }
            catch (RequestFailedException)
            {
                await RecoverAsync(vault, secret.Name, attempt, cancellationToken);
            }
        }
    }

    /// <summary>
    /// A deleted name stays taken until it is recovered or purged; recovery takes the service some seconds.
    /// </summary>
    private async Task RecoverAsync(SecretClient vault, string name, int attempt, CancellationToken cancellationToken)
    {
        if (attempt > 1)
        {
            await Task.Delay(RecoverWait, time, cancellationToken);
        }

        try
        {
            await VaultCall.RunAsync(
                vault,
                () => vault.StartRecoverDeletedSecretAsync(name, cancellationToken),
                exception => exception.Status is 404 or 409,
                cancellationToken
            );
        }
        catch (RequestFailedException)
        {
            // Recovered already, or recovery is under way: the next attempt to save shows which.
        }
    }
}
