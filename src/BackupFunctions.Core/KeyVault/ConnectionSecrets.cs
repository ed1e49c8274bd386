using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Settings;
using BackupFunctions.State;

namespace BackupFunctions.KeyVault;

/// <summary>The secrets that may define connections, read within a limit.</summary>
internal sealed class ConnectionSecrets(SecretClient vault, TimeProvider time)
{
    /// <summary>Pages and secrets together; the limiter lets background calls use four fifths of it.</summary>
    private const int CallsInTenSeconds = 1250;

    private readonly VaultWriteLimiter _limiter = new(CallsInTenSeconds, time);

    /// <summary>Whether a secret claims to define a connection.</summary>
    public static bool DefinesConnection(SecretProperties secret) =>
        string.Equals(secret.ContentType, ConnectionDocument.ContentType, StringComparison.OrdinalIgnoreCase);

    public async Task<List<SecretProperties>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<SecretProperties>();
        await using var pages = vault
            .GetPropertiesOfSecretsAsync(cancellationToken)
            .AsPages()
            .GetAsyncEnumerator(cancellationToken);
        while (await HasNextAsync(pages, cancellationToken))
        {
            found.AddRange(pages.Current.Values.Where(secret => secret.Enabled != false && DefinesConnection(secret)));
        }

        return found;
    }

    private async ValueTask<bool> HasNextAsync(
        IAsyncEnumerator<Page<SecretProperties>> pages,
        CancellationToken cancellationToken
    )
    {
        await _limiter.WaitAsync(WritePriority.Background, cancellationToken);
        return await VaultCall.RunAsync(
            vault,
            () => pages.MoveNextAsync().AsTask(),
            isExpected: null,
            cancellationToken
        );
    }

    /// <summary>Reads a secret.</summary>
    /// <returns>The secret, and when the vault was asked for it.</returns>
    /// <exception cref="RequestFailedException">It is absent or disabled, or this app may not read it.</exception>
    public async Task<(KeyVaultSecret Secret, DateTimeOffset ReadAt)> GetAsync(
        string name,
        CancellationToken cancellationToken
    )
    {
        await _limiter.WaitAsync(WritePriority.Background, cancellationToken);
        var readAt = time.GetUtcNow();
        var secret = await VaultCall.RunAsync(
            vault,
            async () => (await vault.GetSecretAsync(name, cancellationToken: cancellationToken)).Value,
            exception => VaultErrors.IsAbsent(exception) || exception.Status == 403,
            cancellationToken
        );
        return (secret, readAt);
    }
}
