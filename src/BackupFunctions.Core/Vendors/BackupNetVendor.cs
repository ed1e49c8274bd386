using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Vendors;

/// <summary>
/// The backup.net MSP portal: discovery, then client credentials in the body (Unitrends help desk, "backup.net public API":
/// its table prints <c>username</c> for the secret, its example <c>client_secret</c>, which is right).
/// </summary>
public sealed class BackupNetVendor(
    TokenEndpoint tokenEndpoint,
    RevocationClient sessions,
    DiscoveryDocuments discovery
) : IVendor, ISignInServers
{
    private const string DefaultAuthority = "https://login.backup.net";
    private const string DefaultApi = "https://public-api.backup.net";

    /// <inheritdoc/>
    public string Name => "backupnet";

    /// <inheritdoc/>
    public string SettingsName => "BackupNet";

    /// <inheritdoc/>
    public Connection? ReadConnection(ConnectionSettings settings) =>
        new BackupNetConnection
        {
            Key = settings.Key,
            BaseUrl = settings.Url("ApiUrl", $"the API's URL, for example {DefaultApi}", DefaultApi),
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            Authority = settings.Url(
                "Authority",
                $"the sign-in server's URL, for example {DefaultAuthority}",
                DefaultAuthority
            ),
            ClientId = settings.Required("ClientId", "the API client's id"),
            ClientSecret = settings.Credential("ClientSecretName", "client-secret"),
        };

    /// <inheritdoc/>
    public SignInServer ServerOf(Connection connection) =>
        new(((BackupNetConnection)connection).Authority, "Authority") { IsDiscovered = true };

    /// <inheritdoc/>
    public async Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        var connection = (BackupNetConnection)signIn.Connection;
        var secret = await signIn.GetAsync(connection.ClientSecret, cancellationToken);
        var endpoint = await discovery.TokenEndpointAsync(connection.Authority, cancellationToken);
        using var request = new TokenRequest
        {
            Address = endpoint.AbsoluteUri,
            GrantType = OidcConstants.GrantTypes.ClientCredentials,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            ClientId = connection.ClientId,
            ClientSecret = secret.Secret.Reveal(),
        };
        var reply = await tokenEndpoint.RequestAsync(request, spends: false, pin: null, cancellationToken);
        return new TokenGrant(reply.ToGrant().AccessToken);
    }

    /// <inheritdoc/>
    public async Task<bool> EndSessionAsync(
        SignInContext signIn,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        var connection = (BackupNetConnection)signIn.Connection;
        if (
            token is null
            || await discovery.RevocationEndpointAsync(connection.Authority, cancellationToken) is not { } endpoint
        )
        {
            return false;
        }

        var secret = await signIn.GetAsync(connection.ClientSecret, cancellationToken);
        using var request = new TokenRevocationRequest
        {
            Address = endpoint.AbsoluteUri,
            Token = token.Reveal(),
            TokenTypeHint = OidcConstants.TokenTypes.AccessToken,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            ClientId = connection.ClientId,
            ClientSecret = secret.Secret.Reveal(),
        };
        await sessions.RevokeAsync(request, cancellationToken);
        return true;
    }
}
