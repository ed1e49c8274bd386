using BackupFunctions.Check;
using BackupFunctions.OAuth;
using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Vendors.AvePoint;

/// <summary>
/// AvePoint Cloud Backup for IaaS + PaaS: discovery, then client credentials with a JWT signed by the registered certificate
/// (learn.avepoint.com, "Authentication and authorization"; RFC 7523).
/// </summary>
public sealed class AvePointVendor(TokenEndpoint tokenEndpoint, DiscoveryDocuments discovery, ClientAssertionSigner signer) : IVendor, ISignInServers
{
    private const string CommercialCloud = "https://identity.avepointonlineservices.com";
    private const string DefaultScope = "platformbackup.readwrite.all";

    /// <inheritdoc/>
    public string Name => "avepoint";

    /// <inheritdoc/>
    public string SettingsName => "AvePoint";

    /// <inheritdoc/>
    public Connection? ReadConnection(ConnectionSettings settings) => new AvePointConnection
    {
        Key = settings.Key,
        BaseUrl = settings.OptionalUrl("ApiUrl", "the URL of the API, for example https://graph.avepointonlineservices.com"),
        RefreshBefore = settings.RefreshBefore,
        TokenSecretName = settings.TokenSecretName,
        IdentityServiceUrl = settings.Url("IdentityServiceUrl", $"the identity service's URL, for example {CommercialCloud}", CommercialCloud),
        ClientId = settings.Required("ClientId", "the client id of the app registration, a UUID"),
        Certificate = settings.Certificate("CertificateName"),
        Scope = settings.Text("Scope") ?? DefaultScope,
    };

    /// <inheritdoc/>
    public async Task<TokenGrant> SignInAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        var connection = (AvePointConnection)signIn.Connection;
        var credential = await signIn.GetAsync(connection.Certificate, cancellationToken);
        var endpoint = await discovery.TokenEndpointAsync(connection.IdentityServiceUrl, cancellationToken);
        var clock = signer.ClockAhead(endpoint);
        try
        {
            return await RequestAsync(connection, credential, endpoint, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused && signer.WasClockWrong(endpoint, clock))
        {
            // The assertion was out of time, and the refusal tells the time: held against the certificate, it would last an hour.
            return await RequestAsync(connection, credential, endpoint, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public SignInServer ServerOf(Connection connection) => new(((AvePointConnection)connection).IdentityServiceUrl, "IdentityServiceUrl") { IsDiscovered = true };

    private async Task<TokenGrant> RequestAsync(AvePointConnection connection, Credential credential, Uri endpoint, CancellationToken cancellationToken)
    {
        using var request = new TokenRequest
        {
            Address = endpoint.AbsoluteUri,
            GrantType = OidcConstants.GrantTypes.ClientCredentials,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            Parameters = { { OidcConstants.TokenRequest.Scope, connection.Scope } },

            // Called again for each attempt: a repeated jti is refused.
            ClientAssertionFactory = () => Task.FromResult(signer.Sign(connection.ClientId, endpoint, credential.Certificate!)),
        };
        var reply = await tokenEndpoint.RequestAsync(request, spends: false, pin: null, cancellationToken);
        return new TokenGrant(reply.ToGrant().AccessToken);
    }
}
