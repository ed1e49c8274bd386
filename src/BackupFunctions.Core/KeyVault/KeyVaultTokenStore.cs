using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Keeps tokens in Key Vault in the layout of design.md: access tokens in the token vault, refresh tokens in the credential
/// vault and never in the other.
/// </summary>
/// <param name="tokens">The token vault.</param>
/// <param name="credentials">The credential vault.</param>
/// <param name="time">The clock of the waits while a deleted secret is recovered.</param>
/// <param name="tokenWrites">The token vault's limit; null for none.</param>
/// <param name="credentialWrites">The credential vault's limit, the same object if it is the same vault; null for none.</param>
internal sealed class KeyVaultTokenStore(
    SecretClient tokens,
    SecretClient credentials,
    TimeProvider time,
    VaultWriteLimiter? tokenWrites = null,
    VaultWriteLimiter? credentialWrites = null
) : ITokenStore
{
    private const int RecoverTries = 20;
    private static readonly TimeSpan RecoverWait = TimeSpan.FromSeconds(1);

    /// <summary>The fingerprints that the vault is known to hold, by vault and name: an unchanged token is not written again.</summary>
    private readonly ConcurrentDictionary<(Uri, string), string> _held = new();

    public async ValueTask<AccessToken?> ReadAccessTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    ) =>
        Known(
            tokens,
            connection.TokenSecretName,
            TokenSecret.ReadAccessToken(
                connection,
                await ReadAsync(tokens, connection.TokenSecretName, cancellationToken)
            ),
            token => token.Fingerprint
        );

    public async Task<IReadOnlyDictionary<ConnectionKey, TokenMetadata>> ListAccessTokensAsync(
        IReadOnlyCollection<Connection> of,
        CancellationToken cancellationToken
    )
    {
        var connections = of.ToLookup(connection => connection.TokenSecretName, StringComparer.OrdinalIgnoreCase);
        var found = new Dictionary<ConnectionKey, TokenMetadata>();
        try
        {
            await foreach (var listed in tokens.GetPropertiesOfSecretsAsync(cancellationToken))
            {
                foreach (var connection in connections[listed.Name])
                {
                    if (TokenSecret.ReadFacts(connection, listed) is { } facts)
                    {
                        found[connection.Key] = facts;
                    }
                }
            }

            return found;
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, tokens.VaultUri);
        }
    }

    public async ValueTask<RefreshToken?> ReadRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    ) =>
        Known(
            credentials,
            connection.RefreshTokenSecretName,
            TokenSecret.ReadRefreshToken(
                connection,
                await ReadAsync(credentials, connection.RefreshTokenSecretName, cancellationToken)
            ),
            token => token.Fingerprint
        );

    public Task SaveAccessTokenAsync(
        Connection connection,
        AccessToken token,
        WritePriority priority,
        CancellationToken cancellationToken
    ) =>
        SaveAsync(
            tokens,
            tokenWrites,
            priority == WritePriority.Background ? Urgency.Background : Urgency.Caller,
            TokenSecret.Of(connection, token),
            token.Fingerprint,
            cancellationToken
        );

    public Task SaveRefreshTokenAsync(Connection connection, RefreshToken token, CancellationToken cancellationToken) =>
        SaveAsync(
            credentials,
            credentialWrites,
            Urgency.RefreshToken,
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
        _held.TryRemove((vault.VaultUri, name), out _);
        try
        {
            await vault.StartDeleteSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // There is none.
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    /// <summary>Notes what the vault holds. What is there but is no token counts as nothing, so that the next save mends it.</summary>
    private T? Known<T>(SecretClient vault, string name, T? token, Func<T, string> fingerprint)
        where T : class
    {
        if (token is null)
        {
            _held.TryRemove((vault.VaultUri, name), out _);
        }
        else
        {
            _held[(vault.VaultUri, name)] = fingerprint(token);
        }

        return token;
    }

    private static async Task<KeyVaultSecret?> ReadAsync(
        SecretClient vault,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await vault.GetSecretAsync(name, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404 || VaultErrors.IsDisabled(exception))
        {
            return null;
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    private async Task SaveAsync(
        SecretClient vault,
        VaultWriteLimiter? budget,
        Urgency urgency,
        KeyVaultSecret secret,
        string fingerprint,
        CancellationToken cancellationToken
    )
    {
        if (_held.TryGetValue((vault.VaultUri, secret.Name), out var held) && held == fingerprint)
        {
            return;
        }

        await (budget?.WaitAsync(urgency) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        try
        {
            await SetAsync(vault, secret, cancellationToken);
            _held[(vault.VaultUri, secret.Name)] = fingerprint;
        }
        catch (Exception exception)
            when (VaultErrors.IsVaultError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw VaultErrors.Read(exception, vault.VaultUri);
        }
    }

    private async Task SetAsync(SecretClient vault, KeyVaultSecret secret, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await vault.SetSecretAsync(secret, cancellationToken);
                return;
            }
            catch (RequestFailedException exception) when (VaultErrors.IsDeleted(exception) && attempt < RecoverTries)
            {
                await RecoverAsync(vault, secret.Name, attempt, cancellationToken);
            }
        }
    }

    /// <summary>A deleted name stays taken until it is recovered or purged; recovering takes the service some seconds.</summary>
    private async Task RecoverAsync(SecretClient vault, string name, int attempt, CancellationToken cancellationToken)
    {
        if (attempt > 1)
        {
            await Task.Delay(RecoverWait, time, cancellationToken);
        }

        try
        {
            await vault.StartRecoverDeletedSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409)
        {
            // Recovered already, or still on the way: the next try to save tells.
        }
    }
}
