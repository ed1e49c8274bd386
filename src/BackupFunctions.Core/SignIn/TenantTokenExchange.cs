using BackupFunctions.Connections;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>
/// Exchanges a client's token for one of a customer tenant, with the token as assertion (RFC 7523 section 2.1).
/// </summary>
internal sealed class TenantTokenExchange(TokenEndpoint tokenEndpoint, DiscoveryDocuments discovery)
{
    /// <summary>Requests the tenant's token. It never outlives the token it was made from.</summary>
    /// <exception cref="TokenException">With <see cref="FailureKind.TenantRefused"/> among others.</exception>
    public async Task<AccessToken> ExchangeAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    )
    {
        var scope = (connection.Vendor.Flow as ClientCredentialsFlow)?.TenantScope;
        var endpoint = await discovery.TokenEndpointAsync(connection, cancellationToken);
        using var request = new TokenRequest
        {
            Address = endpoint.AbsoluteUri,
            GrantType = OidcConstants.GrantTypes.JwtBearer,
            Parameters =
            {
                { OidcConstants.TokenRequest.Assertion, baseToken.Reveal() },
                { OidcConstants.TokenRequest.Scope, $"{scope}{tenant:D}" },
            },
        };
        request.SetBearerToken(baseToken.Reveal());
        try
        {
            var reply = await tokenEndpoint.RequestAsync(request, connection, spends: false, cancellationToken);
            return ExpiringWith(baseToken, reply.ToGrant().AccessToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind is FailureKind.CredentialsRefused or FailureKind.ScopeRefused)
        {
            var refused = exception.Failure with { Kind = FailureKind.TenantRefused };
            var isTenants =
                refused.OAuthError is null
                || exception.Failure.Kind is FailureKind.ScopeRefused
                || OAuthErrors.BlamesCredentials(exception.Failure);
            throw new TokenException(
                isTenants
                    ? refused with
                    {
                        Problem =
                            $"{connection.Vendor.Name} does not grant {connection.Key} a token for tenant {tenant}.",
                        Remedy = "Check that the tenant exists and is one of this client's customers.",
                    }
                    : refused,
                exception
            );
        }
    }

    private static AccessToken ExpiringWith(AccessToken baseToken, AccessToken scoped)
    {
        if (baseToken.ExpiresAt >= scoped.ExpiresAt)
        {
            return scoped;
        }

        return baseToken.ExpiresAt > scoped.IssuedAt
            ? new AccessToken(scoped.Reveal(), scoped.Scope, scoped.IssuedAt, baseToken.ExpiresAt)
            : throw new TokenException(
                FailureKind.VendorReplyUnusable,
                "The base token expired while a tenant's token was being made from it."
            );
    }
}
