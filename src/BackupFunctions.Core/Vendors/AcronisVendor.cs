using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Vendors;

/// <summary>
/// Acronis Cyber Protect Cloud and Acronis CyberApp: client credentials in HTTP Basic, and tokens scoped to one customer
/// tenant (developer.acronis.com, "Authenticating to the platform"). The two differ in the path alone.
/// </summary>
public sealed class AcronisVendor : IVendor, ISignInServers
{
    private const string Example =
        "the URL of the data center the client lives in, for example https://eu8-cloud.acronis.com";

    private readonly TokenEndpoint _tokenEndpoint;
    private readonly string _path;

    private AcronisVendor(string name, string settingsName, string path, TokenEndpoint tokenEndpoint)
    {
        Name = name;
        SettingsName = settingsName;
        _path = path;
        _tokenEndpoint = tokenEndpoint;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string SettingsName { get; }

    /// <inheritdoc/>
    public bool GrantsTenantTokens => true;

    /// <summary>Acronis Cyber Protect Cloud.</summary>
    public static AcronisVendor CyberProtect(TokenEndpoint tokenEndpoint) =>
        new("acronis", "Acronis", "api/2/idp/token", tokenEndpoint);

    /// <summary>Acronis CyberApp.</summary>
    public static AcronisVendor CyberApp(TokenEndpoint tokenEndpoint) =>
        new("acronis-cyberapp", "AcronisCyberApp", "bc/idp/token", tokenEndpoint);

    /// <inheritdoc/>
    public Connection? ReadConnection(ConnectionSettings settings)
    {
        var dataCenter = settings.Url("DataCenterUrl", Example);
        return new AcronisConnection
        {
            Key = settings.Key,
            BaseUrl = dataCenter,
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            DataCenterUrl = dataCenter,
            ClientId = settings.Required("ClientId", "the API client's id, a UUID"),
            ClientSecret = settings.Credential("ClientSecretName", "client-secret"),
            TenantId = settings.Uuid("TenantId"),
        };
    }

    /// <inheritdoc/>
    public async Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        var connection = (AcronisConnection)signIn.Connection;
        var secret = await signIn.GetAsync(connection.ClientSecret, cancellationToken);
        using var request = new TokenRequest
        {
            Address = Address(connection),
            GrantType = OidcConstants.GrantTypes.ClientCredentials,
            ClientId = connection.ClientId,
            ClientSecret = secret.Secret.Reveal(),

            // Unencoded, as the vendor's own samples send them.
            AuthorizationHeaderStyle = BasicAuthenticationHeaderStyle.Rfc2617,
        };
        var reply = await _tokenEndpoint.RequestAsync(request, spends: false, pin: null, cancellationToken);
        var grant = reply.ToGrant();
        return connection.TenantId is { } tenant
            ? new TokenGrant(await ScopeToTenantAsync(connection, grant.AccessToken, tenant, cancellationToken))
            : new TokenGrant(grant.AccessToken);
    }

    /// <inheritdoc/>
    public async Task<AccessToken> ScopeToTenantAsync(
        Connection connection,
        AccessToken baseToken,
        Guid tenant,
        CancellationToken cancellationToken
    )
    {
        using var request = new TokenRequest
        {
            Address = Address((AcronisConnection)connection),
            GrantType = OidcConstants.GrantTypes.JwtBearer,
            Parameters =
            {
                { OidcConstants.TokenRequest.Assertion, baseToken.Reveal() },
                { OidcConstants.TokenRequest.Scope, $"urn:acronis.com:tenant-id:{tenant:D}" },
            },
        };
        request.SetBearerToken(baseToken.Reveal());
        try
        {
            var reply = await _tokenEndpoint.RequestAsync(request, spends: false, pin: null, cancellationToken);
            return DyingWith(baseToken, reply.ToGrant().AccessToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind is FailureKind.CredentialsRefused or FailureKind.ScopeRefused)
        {
            throw new TokenException(
                exception.Failure with
                {
                    Kind = FailureKind.TenantRefused,
                    Problem = $"{Name} does not grant {connection.Key} a token for tenant {tenant}.",
                    Remedy = "Check that the tenant exists and is one of this client's customers.",
                },
                exception
            );
        }
    }

    /// <inheritdoc/>
    public SignInServer ServerOf(Connection connection) =>
        new(new Uri(Address((AcronisConnection)connection)), "DataCenterUrl");

    private string Address(AcronisConnection connection) =>
        $"{connection.DataCenterUrl.AbsoluteUri.TrimEnd('/')}/{_path}";

    private static AccessToken DyingWith(AccessToken baseToken, AccessToken scoped)
    {
        if (baseToken.ExpiresAt >= scoped.ExpiresAt)
        {
            return scoped;
        }

        return baseToken.ExpiresAt > scoped.IssuedAt
            ? new AccessToken(scoped.Reveal(), scoped.Scope, scoped.IssuedAt, baseToken.ExpiresAt)
            : throw new TokenException(
                FailureKind.VendorReplyUnusable,
                "The base token died while a tenant's token was made from it."
            );
    }
}
