using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Keeps tokens in Key Vault: access tokens in the token vault, refresh tokens in the credential vault and never in the other.
/// </summary>
/// <param name="tokens">The token vault.</param>
/// <param name="credentials">The credential vault.</param>
/// <param name="time">Times the waits while a deleted secret is recovered.</param>
/// <param name="logger">The log.</param>
/// <param name="tokenWrites">The token vault's limit; null for none.</param>
/// <param name="credentialWrites">The credential vault's limit, the same object if it is the same vault; null for none.</param>
internal sealed class KeyVaultTokenStore(
    SecretClient tokens,
    SecretClient credentials,
    TimeProvider time,
    ILogger<KeyVaultTokenStore> logger,
    VaultWriteLimiter? tokenWrites = null,
    VaultWriteLimiter? credentialWrites = null
) : ITokenStore
{
    private const int RecoverTries = 20;
    private static readonly TimeSpan RecoverWait = TimeSpan.FromSeconds(1);

    /// <summary>The fingerprints the vaults are known to hold, by vault and name: an unchanged token is not written again.</summary>
    private readonly ConcurrentDictionary<(Uri, string), string> _held = new();

    public async ValueTask<AccessToken?> ReadAccessTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        var name = connection.TokenSecretName;
        var secret = await ReadAsync(tokens, name, cancellationToken);
        var token = Parse(name, () => TokenSecret.ReadAccessToken(connection, secret));
        Remember(tokens, name, token?.Fingerprint);
        return token;
    }

    public async Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    )
    {
        var bySecret = of.ToLookup(connection => connection.TokenSecretName, StringComparer.OrdinalIgnoreCase);
        var found = new Dictionary<ConnectionKey, TokenMetadata>();
        await using var secrets = tokens
            .GetPropertiesOfSecretsAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await HasNextAsync(secrets, cancellationToken))
        {
            var listed = secrets.Current;
            foreach (var connection in bySecret[listed.Name])
            {
                if (Parse(listed.Name, () => TokenSecret.ReadMetadata(connection, listed)) is { } metadata)
                {
                    found[connection.Key] = metadata;
                }
            }
        }

        return found;
    }

    private Task<bool> HasNextAsync(IAsyncEnumerator<SecretProperties> secrets, CancellationToken cancellationToken) =>
        VaultCall.RunAsync(tokens, () => secrets.MoveNextAsync().AsTask(), isExpected: null, cancellationToken);

    public async ValueTask<RefreshToken?> ReadRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        var name = connection.RefreshTokenSecretName;
        var secret = await ReadAsync(credentials, name, cancellationToken);
        var token = Parse(name, () => TokenSecret.ReadRefreshToken(connection, secret));
        Remember(credentials, name, token?.Fingerprint);
        return token;
    }

    public Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        CancellationToken cancellationToken
    ) =>
        SaveAsync(
            tokens,
            tokenWrites,
            priority,
            TokenSecret.Of(connection, token),
            token.Fingerprint,
            cancellationToken
        );

    public Task SaveRefreshTokenAsync(Connection connection, RefreshToken token, CancellationToken cancellationToken) =>
        SaveAsync(
            credentials,
            credentialWrites,
            priority: null,
            TokenSecret.Of(connection, token),
            token.Fingerprint,
            cancellationToken
        );

    public async Task RemoveAsync(Connection connection, CancellationToken cancellationToken)
    {
        // The refresh token first: it is the one that lives for weeks.
        await RemoveAsync(credentials, connection.RefreshTokenSecretName, cancellationToken);
        await RemoveAsync(tokens, connection.TokenSecretName, cancellationToken);
    }

    private async Task RemoveAsync(SecretClient vault, string name, CancellationToken cancellationToken)
    {
        Remember(vault, name, fingerprint: null);
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

    /// <summary>Notes what the vault holds. A secret that is not a token counts as nothing, so the next save replaces it.</summary>
    private void Remember(SecretClient vault, string name, string? fingerprint)
    {
        if (fingerprint is null)
        {
            _held.TryRemove((vault.VaultUri, name), out _);
        }
        else
        {
            _held[(vault.VaultUri, name)] = fingerprint;
        }
    }

    /// <summary>Parses a secret; a fault of ours in that costs a sign-in at most, not the answer.</summary>
    private T? Parse<T>(string name, Func<T?> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (Exception exception)
        {
            VaultLog.TokenFailed(logger, exception, name);
            return null;
        }
    }

    private static async Task<KeyVaultSecret?> ReadAsync(
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

    private async Task SaveAsync(
        SecretClient vault,
        VaultWriteLimiter? limiter,
        WritePriority? priority,
        KeyVaultSecret secret,
        string fingerprint,
        CancellationToken cancellationToken
    )
    {
        if (_held.TryGetValue((vault.VaultUri, secret.Name), out var held) && held == fingerprint)
        {
            return;
        }

        if (limiter is not null && priority is { } whose)
        {
            await limiter.WaitAsync(whose, cancellationToken);
        }
        else
        {
            limiter?.Count();
        }

        await SetAsync(vault, secret, cancellationToken);
        Remember(vault, secret.Name, fingerprint);
    }

    private async Task SetAsync(SecretClient vault, KeyVaultSecret secret, CancellationToken cancellationToken)
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

    /// <summary>A deleted name stays taken until it is recovered or purged; recovery takes the service some seconds.</summary>
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
