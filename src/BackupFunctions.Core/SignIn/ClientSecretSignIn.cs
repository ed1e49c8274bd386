using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>
/// Client credentials with a client secret, in HTTP Basic or in the body (RFC 6749 sections 2.3.1 and 4.4).
/// </summary>
internal sealed class ClientSecretSignIn(
    TokenEndpoint tokenEndpoint,
    RevocationClient revocation,
    DiscoveryDocuments discovery
)
{
    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, or the secret, failed.</exception>
    public async Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        var secret = await context.GetAsync(connection.Credential, cancellationToken);
        var endpoint = await discovery.TokenEndpointAsync(connection, cancellationToken);
        using var request = new TokenRequest
        {
            Address = endpoint.AbsoluteUri,
            GrantType = OidcConstants.GrantTypes.ClientCredentials,
        };
        Authenticate(request, connection, secret);
        if (connection.Scope is { } scope)
        {
            request.Parameters.Add(OidcConstants.TokenRequest.Scope, scope);
        }

        var reply = await tokenEndpoint.RequestAsync(request, connection, spends: false, cancellationToken);
        return new TokenGrant(reply.ToGrant().AccessToken);
    }

    /// <summary>Revokes the token (RFC 7009).</summary>
    /// <returns>False if there is no token, or the vendor names no revocation endpoint.</returns>
    /// <exception cref="TokenException">The vendor did not revoke it.</exception>
    public async Task<bool> EndSessionAsync(
        SignInContext context,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        var connection = context.Connection;
        if (token is null || await discovery.RevocationEndpointAsync(connection, cancellationToken) is not { } endpoint)
        {
            return false;
        }

        var secret = await context.GetAsync(connection.Credential, cancellationToken);
        using var request = new TokenRevocationRequest
        {
            Address = endpoint.AbsoluteUri,
            Token = token.Reveal(),
            TokenTypeHint = OidcConstants.TokenTypes.AccessToken,
        };
        Authenticate(request, connection, secret);
        await revocation.RevokeAsync(request, connection, cancellationToken);
        return true;
    }

    private static void Authenticate(ProtocolRequest request, Connection connection, Credential secret)
    {
        request.ClientId = connection.ClientId;
        request.ClientSecret = secret.Secret.Reveal();
        if (connection.Vendor.Flow is ClientCredentialsFlow { Authentication: ClientAuthentication.Basic })
        {
            request.AuthorizationHeaderStyle = BasicAuthenticationHeaderStyle.Rfc2617;
        }
        else
        {
            request.ClientCredentialStyle = ClientCredentialStyle.PostBody;
        }
    }
}
