using System.Collections.Concurrent;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.AzureSdk;
using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Keeps tokens in Key Vault: access tokens in the token vault, refresh tokens in the credential vault and never in the
/// other.
/// </summary>
/// <param name="tokens">The token vault.</param>
/// <param name="credentials">The credential vault.</param>
/// <param name="time">Times the waits while a deleted secret is recovered.</param>
/// <param name="logger">The log.</param>
/// <param name="tokenWrites">The token vault's limit; null for none.</param>
/// <param name="credentialWrites">
/// The credential vault's limit, the same object if it is the same vault; null for none.
/// </param>
internal sealed partial class KeyVaultTokenStore(
    SecretClient tokens,
    SecretClient credentials,
    TimeProvider time,
    ILogger<KeyVaultTokenStore> logger,
    VaultWriteLimiter? tokenWrites = null,
    VaultWriteLimiter? credentialWrites = null
) : ITokenStore
{
    /// <summary>
    /// The fingerprints the vaults are known to hold, by vault and name: an unchanged token is not written again.
    /// </summary>
    private readonly ConcurrentDictionary<(Uri, string), string> _held = new();

    private readonly TokenSecretAccess _secrets = new(time);

    public async ValueTask<AccessToken?> ReadAccessTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        var name = connection.TokenSecretName;
        var secret = await TokenSecretAccess.FindAsync(tokens, name, cancellationToken);
        var token = Parse(name, () => TokenSecret.ReadAccessToken(connection, secret));
        Remember(tokens, name, token?.Fingerprint);
        return token;
    }

    public async ValueTask<RefreshToken?> ReadRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        var name = connection.RefreshTokenSecretName;
        var secret = await TokenSecretAccess.FindAsync(credentials, name, cancellationToken);
        var token = Parse(name, () => TokenSecret.ReadRefreshToken(connection, secret));
        Remember(credentials, name, token?.Fingerprint);
        return token;
    }

    public Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    )
    {
        return SaveAsync(
            tokens,
            tokenWrites,
            priority,
            TokenSecret.Of(connection, token),
            ensureMayWrite,
            cancellationToken
        );
    }

    public Task SaveRefreshTokenAsync(
        Connection connection,
        RefreshToken token,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    )
    {
        var secret = TokenSecret.Of(connection, token);
        return SaveAsync(credentials, credentialWrites, priority: null, secret, ensureMayWrite, cancellationToken);
    }

    public async Task RemoveAsync(Connection connection, CancellationToken cancellationToken)
    {
        // The refresh token first: it is the one that lives for weeks.
        await RemoveAsync(credentials, connection.RefreshTokenSecretName, cancellationToken);
        await RemoveAsync(tokens, connection.TokenSecretName, cancellationToken);
    }

    private async Task RemoveAsync(SecretClient vault, string name, CancellationToken cancellationToken)
    {
        Remember(vault, name, fingerprint: null);
        await TokenSecretAccess.DeleteAsync(vault, name, cancellationToken);
    }

    /// <summary>
    /// Notes what the vault holds. A secret that is not a token counts as nothing, so the next save replaces it.
    /// </summary>
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

    private async Task SaveAsync(
        SecretClient vault,
        VaultWriteLimiter? limiter,
        WritePriority? priority,
        KeyVaultSecret secret,
        Action ensureMayWrite,
        CancellationToken cancellationToken
    )
    {
        var fingerprint = Fingerprint.Of(secret.Value);
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

        // Whatever comes of the request, the vault may hold another token afterwards.
        Remember(vault, secret.Name, fingerprint: null);
        using (WriteGuard.Begin(ensureMayWrite))
        {
            await _secrets.SetAsync(vault, secret, cancellationToken);
        }

        Remember(vault, secret.Name, fingerprint);
    }
}
