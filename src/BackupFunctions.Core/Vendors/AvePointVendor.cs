using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Vendors;

/// <summary>
/// AvePoint Cloud Backup for IaaS + PaaS: discovery, then client credentials with a JWT signed by the registered certificate
/// (learn.avepoint.com, "Authentication and authorization"; RFC 7523).
/// </summary>
public sealed class AvePointVendor(
    TokenEndpoint tokenEndpoint,
    RevocationClient sessions,
    DiscoveryDocuments discovery,
    ClientAssertionSigner signer
) : IVendor, ISignInServers
{
    private const string CommercialCloud = "https://identity.avepointonlineservices.com";
    private const string DefaultScope = "platformbackup.readwrite.all";

    /// <inheritdoc/>
    public string Name => "avepoint";

    /// <inheritdoc/>
    public string SettingsName => "AvePoint";

    /// <inheritdoc/>
    public Connection? ReadConnection(ConnectionSettings settings) =>
        new AvePointConnection
        {
            Key = settings.Key,
            BaseUrl = settings.OptionalUrl(
                "ApiUrl",
                "the URL of the API, for example https://graph.avepointonlineservices.com"
            ),
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            IdentityServiceUrl = settings.Url(
                "IdentityServiceUrl",
                $"the identity service's URL, for example {CommercialCloud}",
                CommercialCloud
            ),
            ClientId = settings.Required("ClientId", "the client id of the app registration, a UUID"),
            Certificate = settings.Certificate("CertificateName"),
            Scope = settings.Text("Scope") ?? DefaultScope,
        };

    /// <inheritdoc/>
    public async Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        var connection = (AvePointConnection)signIn.Connection;
        var credential = await signIn.GetAsync(connection.Certificate, cancellationToken);

        // After a refusal each further one is dear: a clock that was set must not cost it, so the service is asked for its time first.
        var endpoint = await discovery.TokenEndpointAsync(
            connection.IdentityServiceUrl,
            cancellationToken,
            newest: signIn.RefusalsLeft < RenewalRules.MostRefusals
        );
        var clock = signer.ClockAhead(endpoint);
        try
        {
            return await RequestAsync(connection, credential, endpoint, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind is FailureKind.CredentialsRefused
                && signIn.RefusalsLeft > 1
                && signer.WasClockWrong(endpoint, clock)
            )
        {
            // The assertion was out of time, and the refusal tells the time: held against the certificate, it would last an hour.
            await signIn.NoteRefusalAsync();
            return await RequestAsync(connection, credential, endpoint, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> EndSessionAsync(
        SignInContext signIn,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        var connection = (AvePointConnection)signIn.Connection;
        if (
            token is null
            || await discovery.RevocationEndpointAsync(connection.IdentityServiceUrl, cancellationToken)
                is not { } endpoint
        )
        {
            return false;
        }

        var credential = await signIn.GetAsync(connection.Certificate, cancellationToken);
        var audience = await discovery.TokenEndpointAsync(connection.IdentityServiceUrl, cancellationToken);

        // The token endpoint is the audience that names this server (RFC 7523 section 3), whatever is asked of it.
        Task<ClientAssertion> SignAsync() =>
            Task.FromResult(signer.Sign(connection.ClientId, audience, credential.Certificate!));
        using var request = new TokenRevocationRequest
        {
            Address = endpoint.AbsoluteUri,
            Token = token.Reveal(),
            TokenTypeHint = OidcConstants.TokenTypes.AccessToken,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            ClientAssertion = await SignAsync(),
        };

        // For every further attempt: a repeated jti is refused. The library takes the property for token requests alone.
        request.Options.Set(ProtocolRequestOptions.ClientAssertionFactory, SignAsync);
        await sessions.RevokeAsync(request, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public SignInServer ServerOf(Connection connection) =>
        new(((AvePointConnection)connection).IdentityServiceUrl, "IdentityServiceUrl") { IsDiscovered = true };

    private async Task<TokenGrant> RequestAsync(
        AvePointConnection connection,
        Credential credential,
        Uri endpoint,
        CancellationToken cancellationToken
    )
    {
        using var request = new TokenRequest
        {
            Address = endpoint.AbsoluteUri,
            GrantType = OidcConstants.GrantTypes.ClientCredentials,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            Parameters = { { OidcConstants.TokenRequest.Scope, connection.Scope } },

            // Called again for each attempt: a repeated jti is refused.
            ClientAssertionFactory = () =>
                Task.FromResult(signer.Sign(connection.ClientId, endpoint, credential.Certificate!)),
        };
        var reply = await tokenEndpoint.RequestAsync(request, spends: false, pin: null, cancellationToken);
        return new TokenGrant(reply.ToGrant().AccessToken);
    }
}
