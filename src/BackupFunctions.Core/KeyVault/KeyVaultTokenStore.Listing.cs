using BackupFunctions.Connections;
using BackupFunctions.Tokens;

namespace BackupFunctions.KeyVault;

/// <summary>What takes a list of secrets, or of a secret's versions.</summary>
internal sealed partial class KeyVaultTokenStore
{
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
        while (await TokenSecretAccess.HasNextAsync(tokens, secrets, cancellationToken))
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

    public async ValueTask<bool> WasSavedAsync(
        Connection connection,
        RefreshToken token,
        CancellationToken cancellationToken
    ) =>
        await TokenSecretAccess.FindNewestAsync(
            credentials,
            connection.RefreshTokenSecretName,
            version => TokenSecret.IsRefreshToken(connection, version, token),
            cancellationToken
        )
            is not null;

    public async ValueTask<RefreshToken?> ReadNewestRefreshTokenAsync(
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        var name = connection.RefreshTokenSecretName;
        var current = await ReadRefreshTokenAsync(connection, cancellationToken);
        var secret = await TokenSecretAccess.FindNewestAsync(
            credentials,
            name,
            version => TokenSecret.MayBeRefreshToken(connection, version),
            cancellationToken
        );
        var newest = Parse(name, () => TokenSecret.ReadRefreshToken(connection, secret));
        return current is null || newest?.IssuedAt > current.IssuedAt ? newest : current;
    }
}
