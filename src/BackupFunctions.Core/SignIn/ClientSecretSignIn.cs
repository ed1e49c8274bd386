using System.Net.Http.Json;
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
        using var request = Request(connection, secret, endpoint);
        var reply = await tokenEndpoint.RequestAsync(request, connection, spends: false, cancellationToken);
        return new TokenGrant(reply.ToGrant().AccessToken);
    }

    /// <summary>Ends the token: by the call that the profile names, or by revocation (RFC 7009).</summary>
    /// <returns>False if there is no token, or the vendor names no revocation endpoint.</returns>
    /// <exception cref="TokenException">The vendor did not revoke it.</exception>
    public async Task<bool> EndSessionAsync(
        SignInContext context,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        var connection = context.Connection;
        if (token is not null && connection.Vendor.EndSession is not null)
        {
            await revocation.EndSessionAsync(connection, token, cancellationToken);
            return true;
        }

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

    private static HttpRequestMessage Request(Connection connection, Credential secret, Uri endpoint)
    {
        var flow = (ClientCredentialsFlow)connection.Vendor.Flow;
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        var fields = new Dictionary<string, string>(flow.Fields, StringComparer.Ordinal);
        AddUnlessNull(fields, OidcConstants.TokenRequest.GrantType, flow.GrantType);
        AddUnlessNull(fields, OidcConstants.TokenRequest.Scope, connection.Scope);
        switch (connection.Authentication)
        {
            case ClientAuthentication.Basic:
                request.SetBasicAuthentication(connection.ClientId, secret.Secret.Reveal());
                break;
            case ClientAuthentication.BasicEncoded:
                request.SetBasicAuthenticationOAuth(connection.ClientId, secret.Secret.Reveal());
                break;
            case ClientAuthentication.Bearer:
                request.SetBearerToken(secret.Secret.Reveal());
                break;
            default:
                fields[flow.ClientIdField] = connection.ClientId;
                fields[flow.ClientSecretField] = secret.Secret.Reveal();
                break;
        }

        if (fields.Count > 0)
        {
            request.Content = flow.SendsJson ? JsonContent.Create(fields) : new FormUrlEncodedContent(fields);
        }

        return request;
    }

    private static void AddUnlessNull(Dictionary<string, string> fields, string name, string? value)
    {
        if (value is not null)
        {
            fields[name] = value;
        }
    }

    private static void Authenticate(ProtocolRequest request, Connection connection, Credential secret)
    {
        request.ClientId = connection.ClientId;
        request.ClientSecret = secret.Secret.Reveal();
        (request.AuthorizationHeaderStyle, request.ClientCredentialStyle) = connection.Authentication switch
        {
            ClientAuthentication.Basic => (
                BasicAuthenticationHeaderStyle.Rfc2617,
                ClientCredentialStyle.AuthorizationHeader
            ),
            ClientAuthentication.BasicEncoded => (
                BasicAuthenticationHeaderStyle.Rfc6749,
                ClientCredentialStyle.AuthorizationHeader
            ),
            _ => (default, ClientCredentialStyle.PostBody),
        };
    }
}
