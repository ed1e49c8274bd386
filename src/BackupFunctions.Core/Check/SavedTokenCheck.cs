using BackupFunctions.Connections;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Check;

/// <summary>
/// Whether the vaults took what a sign-in brought: the broker serves a token that they did not take, and saves it later, so that
/// nobody would notice.
/// </summary>
internal sealed class SavedTokenCheck(ITokenStore store, VaultAccesses vaults)
{
    /// <summary>Looks.</summary>
    /// <param name="target">Whose token.</param>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Finding>> FindAsync(
        Connection target,
        AccessToken token,
        CancellationToken cancellationToken
    )
    {
        var connection = target;
        try
        {
            var findings = new List<Finding>();
            var stored = await store.ReadAccessTokenAsync(connection, cancellationToken);
            findings.Add(
                stored?.Fingerprint == token.Fingerprint
                    ? new Finding(FindingType.TokenSaved, connection.Key.ToString(), "It is saved.")
                    : NotSaved(connection.Key, vaults.Tokens, connection.TokenSecretName)
            );

            // A refresh token comes with each of its access tokens; instants in the vault are whole seconds.
            if (
                target.Vendor.RotatesRefreshTokens
                && !(
                    (await store.ReadRefreshTokenAsync(connection, cancellationToken))?.IssuedAt
                    >= token.IssuedAt.AddSeconds(-1)
                )
            )
            {
                findings.Add(NotSaved(connection.Key, vaults.Credentials, connection.RefreshTokenSecretName));
            }

            return findings;
        }
        catch (TokenException exception)
        {
            return
            [
                new Finding(
                    FindingType.TokenNotSaved,
                    connection.Key.ToString(),
                    $"Nobody can say whether the token is saved: {Finding.Part(exception.Failure.Detail).Sentence}",
                    new("See under Vaults.")
                ),
            ];
        }
    }

    private static Finding NotSaved(ConnectionKey key, IVaultAccess vault, string name) =>
        new(
            FindingType.TokenNotSaved,
            key.ToString(),
            $"The vault {AzureCommands.NameOf(vault.Address)} did not take {name}: it is in memory alone. Saving needs the data action Microsoft.KeyVault/vaults/secrets/setSecret/action.",
            AzureCommands.AssignRole(vault.Address, identity: null)
        );
}
