using Azure;
using Azure.Security.KeyVault.Secrets;

namespace BackupFunctions.KeyVault;

/// <summary>Finds, sets and deletes a secret, whether or not its name was deleted before.</summary>
/// <param name="time">Times the waits while a deleted secret is recovered.</param>
internal sealed class TokenSecretAccess(TimeProvider time)
{
    private const int RecoverTries = 20;
    private static readonly TimeSpan RecoverWait = TimeSpan.FromSeconds(1);

    /// <summary>A version, by default the current one; null if there is none, or it is disabled.</summary>
    public static async Task<KeyVaultSecret?> FindAsync(
        SecretClient vault,
        string name,
        CancellationToken cancellationToken,
        string? version = null
    )
    {
        try
        {
            return await VaultCall.RunAsync(
                vault,
                async () => (await vault.GetSecretAsync(name, version, outContentType: null, cancellationToken)).Value,
                VaultErrors.IsAbsent,
                cancellationToken
            );
        }
        catch (RequestFailedException)
        {
            return null;
        }
    }

    /// <summary>The version that became valid last, among those that count; null if none do.</summary>
    public static async Task<KeyVaultSecret?> FindNewestAsync(
        SecretClient vault,
        string name,
        Func<SecretProperties, bool> counts,
        CancellationToken cancellationToken
    )
    {
        SecretProperties? newest = null;
        await using var versions = vault
            .GetPropertiesOfSecretVersionsAsync(name, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await HasNextAsync(vault, versions, cancellationToken))
        {
            var version = versions.Current;
            if (counts(version) && (newest is null || version.NotBefore > newest.NotBefore))
            {
                newest = version;
            }
        }

        return newest is null ? null : await FindAsync(vault, name, cancellationToken, newest.Version);
    }

    /// <summary>Goes on to the next entry of a list.</summary>
    public static Task<bool> HasNextAsync(
        SecretClient vault,
        IAsyncEnumerator<SecretProperties> secrets,
        CancellationToken cancellationToken
    ) => VaultCall.RunAsync(vault, () => secrets.MoveNextAsync().AsTask(), isExpected: null, cancellationToken);

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
