using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>Client credentials with a JWT that a registered certificate signs (RFC 7523 section 2.2).</summary>
internal sealed class PrivateKeyJwtSignIn(
    TokenEndpoint tokenEndpoint,
    RevocationClient revocation,
    DiscoveryDocuments discovery,
    ClientAssertionSigner signer
)
{
    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, or the certificate, failed.</exception>
    public async Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        var certificate = await context.GetAsync(connection.Credential, cancellationToken);

        // After a refusal another one is dear, and a clock that was reset must not cause it: ask for the server's time
        // first.
        var wasRefused = context.Refusals.Left < RefusalBudget.MostPerHour;
        var endpoint = await discovery.TokenEndpointAsync(connection, cancellationToken, newest: wasRefused);
        var signedBy = signer.ClockAhead(endpoint);
        try
        {
            return await RequestAsync(connection, certificate, endpoint, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind is FailureKind.CredentialsRefused
                && context.Refusals.Left > 1
                && signer.WasClockWrong(endpoint, signedBy)
            )
        {
            // The assertion was out of time, and the refusal shows the right time. Blamed on the certificate it would
            // hold for an hour.
            await context.Refusals.AddBeforeRetryAsync();
            return await RequestAsync(connection, certificate, endpoint, cancellationToken);
        }
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

        var certificate = await context.GetAsync(connection.Credential, cancellationToken);

        // RFC 7523 section 3: the token endpoint is the audience that names this server, at its other endpoints too.
        var audience = await discovery.TokenEndpointAsync(connection, cancellationToken);
        using var request = new TokenRevocationRequest
        {
            Address = endpoint.AbsoluteUri,
            Token = token.Reveal(),
            TokenTypeHint = OidcConstants.TokenTypes.AccessToken,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            ClientAssertion = Sign(connection, audience, certificate),
        };

        // For each further attempt, because a repeated jti is refused. The library reads its own property for token
        // requests only.
        request.Options.Set(ProtocolRequestOptions.ClientAssertionFactory, () =>
            Task.FromResult(Sign(connection, audience, certificate))
        );
        await revocation.RevokeAsync(request, connection, cancellationToken);
        return true;
    }

    private async Task<TokenGrant> RequestAsync(
        Connection connection,
        Credential certificate,
        Uri endpoint,
        CancellationToken cancellationToken
    )
    {
        using var request = new TokenRequest
        {
            Address = endpoint.AbsoluteUri,
            GrantType = OidcConstants.GrantTypes.ClientCredentials,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,

            // Called for each attempt, because a repeated jti is refused.
            ClientAssertionFactory = () => Task.FromResult(Sign(connection, endpoint, certificate)),
        };
        if (connection.Scope is { } scope)
        {
            request.Parameters.Add(OidcConstants.TokenRequest.Scope, scope);
        }

        foreach (var (name, value) in ((ClientCredentialsFlow)connection.Vendor.Flow).Fields)
        {
            request.Parameters.Add(name, value);
        }

        var reply = await tokenEndpoint.RequestAsync(request, connection, spends: false, cancellationToken);
        return new TokenGrant(reply.ToGrant().AccessToken);
    }

    private ClientAssertion Sign(Connection connection, Uri audience, Credential certificate) =>
        signer.Sign(connection.ClientId, audience, certificate.Certificate!);
}
