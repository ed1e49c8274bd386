using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Options;
using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>
/// Checks that the vaults saved the tokens of a sign-in. Callers would not notice, because the broker serves an unsaved
/// token from memory and saves it later.
/// </summary>
internal sealed class SavedTokenCheck(ITokenStore store, IOptions<BackupFunctionsOptions> options)
{
    /// <summary>Compares the vaults with a new token.</summary>
    public async Task<IReadOnlyList<Finding>> FindAsync(
        Connection target,
        AccessToken token,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var saved = await store.ReadAccessTokenAsync(target, cancellationToken);
            List<Finding> findings =
            [
                saved?.Fingerprint == token.Fingerprint
                    ? new Finding(TokenSaved, target.Key.ToString(), "The vault saved the token.")
                    : NotSaved(target, options.Value.TokenVaultUri, target.TokenSecretName),
            ];
            if (target.Vendor.RotatesRefreshTokens && !await IsRefreshTokenSavedAsync(target, token, cancellationToken))
            {
                findings.Add(NotSaved(target, options.Value.VaultUri, target.RefreshTokenSecretName));
            }

            return findings;
        }
        catch (TokenException exception)
        {
            return
            [
                new Finding(
                    TokenNotSaved,
                    target.Key.ToString(),
                    $"Could not find out whether the token is saved: {exception.Failure.Problem}",
                    "See under Vaults."
                ),
            ];
        }
    }

    /// <summary>Each access token comes with a refresh token. The vault's instants are whole seconds.</summary>
    private async Task<bool> IsRefreshTokenSavedAsync(
        Connection target,
        AccessToken token,
        CancellationToken cancellationToken
    )
    {
        var saved = await store.ReadRefreshTokenAsync(target, cancellationToken);
        return saved is not null && saved.IssuedAt >= token.IssuedAt.AddSeconds(-1);
    }

    private static Finding NotSaved(Connection target, Uri vault, string name)
    {
        var finding = new Finding(
            TokenNotSaved,
            target.Key.ToString(),
            $"The vault {AzureCommands.NameOf(vault)} did not save {name}, which is only in memory. "
                + "Saving needs the data action Microsoft.KeyVault/vaults/secrets/setSecret/action."
        );
        return AzureCommands.WithRole(finding, vault, identity: null);
    }
}
