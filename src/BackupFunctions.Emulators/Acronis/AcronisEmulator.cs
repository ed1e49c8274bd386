using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// An Acronis data center: client credentials, tokens scoped to a customer tenant, and <c>GET /api/2/clients/{id}</c>
/// and
/// <c>GET /api/2/tenants/{id}</c> behind them. Based on developer.acronis.com ("Authentication") and, for scoped
/// tokens, the vendor's own samples (acronis/acronis-cyber-platform-python-examples).
/// </summary>
public sealed class AcronisEmulator : VendorEmulator
{
    /// <summary>The customer tenant that exists from the start.</summary>
    public static readonly Guid DemoTenant = new("5a1f7c1e-0d3b-4c55-9e0a-6d1f0c2b7a41");

    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string Clients = "/api/2/clients";
    private const string Tenant = "/api/2/tenants";
    private readonly string _tokenPath;

    /// <summary>A data center that knows the one client of <see cref="EmulatorOptions.Credentials"/>.</summary>
    public AcronisEmulator(AcronisProduct product, EmulatorOptions options)
        : base(NameOf(product), options, TimeSpan.FromHours(2), certificate: null, Endpoints.Token, Endpoints.Api)
    {
        var credentials = options.Credentials;
        (ClientId, ClientSecret, _tokenPath) =
            product is AcronisProduct.CyberApp
                ? (credentials.AcronisCyberAppClientId, credentials.AcronisCyberAppClientSecret, "/bc/idp/token")
                : (credentials.AcronisClientId, credentials.AcronisClientSecret, "/api/2/idp/token");
    }

    /// <summary>The one client.</summary>
    public string ClientId { get; set; }

    /// <summary>Its secret; assign a new one to rotate it.</summary>
    public string ClientSecret { get; set; }

    /// <summary>The customers that tokens can be scoped to.</summary>
    public AcronisTenants Tenants { get; } = new();

    /// <summary>How replies state the expiry of tokens.</summary>
    public AcronisExpiry Expiry { get; set; }

    /// <summary>The format of tokens.</summary>
    public TokenFormat TokenFormat { get; set; }

    /// <summary>
    /// Whether the reply with a scoped token claims a full lifetime, although the token expires with its base token.
    /// </summary>
    public bool OverstateScopedLifetime { get; set; }

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path) switch
        {
            ("POST", var path) when path == _tokenPath => Endpoints.Token,
            ("GET", var path) when IsIn(path, Clients) || IsIn(path, Tenant) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            Endpoints.Token when await TokenForm.ReadAsync(request) is { } form => Issue(request, form),
            Endpoints.Token => OAuthReply.InvalidRequest("The request must be a form without repeated fields."),
            Endpoints.Api => Call(request),
            _ => Reply.NotFound(),
        };

    private static string NameOf(AcronisProduct product) =>
        product is AcronisProduct.CyberApp ? "acronis-cyberapp" : "acronis";

    private static bool IsIn(PathString path, string folder) =>
        path.StartsWithSegments(folder, StringComparison.Ordinal);

    private Reply Issue(HttpRequest request, TokenForm form) =>
        form["grant_type"] switch
        {
            "client_credentials" => IssueToClient(request, form),
            JwtBearer => IssueScoped(request, form),
            null => OAuthReply.InvalidRequest("grant_type is missing."),
            _ => OAuthReply.UnsupportedGrantType(),
        };

    private Reply IssueToClient(HttpRequest request, TokenForm form)
    {
        var basic = BasicCredentials.Of(request);
        var authenticated = basic is not null
            ? basic.Match(ClientId, ClientSecret)
            : form["client_id"] == ClientId && form["client_secret"] == ClientSecret;

        // RFC 6749 section 5.2: a client that used the Authorization header gets a challenge.
        if (!authenticated || ClientDisabled)
            return Refused(OAuthReply.InvalidClient().WithHeader("WWW-Authenticate", "Basic realm=\"Acronis\""));

        var now = Now;
        return Granted(NewToken(now, now + TokenLifetime, tenant: null), now + TokenLifetime);
    }

    private Reply IssueScoped(HttpRequest request, TokenForm form)
    {
        if (TokenOf(request) is not { Base: null } basis)
            return Refused(OAuthReply.InvalidToken());
        if (form["assertion"] != basis.Value)
            return Refused(
                OAuthReply.Error(
                    StatusCodes.Status400BadRequest,
                    "invalid_grant",
                    "The assertion is not the base token."
                )
            );
        if (
            form["scope"] is not { } scope
            || !scope.StartsWith(AcronisTokenReply.TenantScope, StringComparison.Ordinal)
            || !Guid.TryParseExact(scope[AcronisTokenReply.TenantScope.Length..], "D", out var tenant)
        )
            return Refused(
                OAuthReply.Error(StatusCodes.Status400BadRequest, "invalid_scope", "The scope does not name a tenant.")
            );
        if (!Tenants.Contains(tenant))
            return Refused(
                OAuthReply.Error(
                    StatusCodes.Status403Forbidden,
                    "access_denied",
                    "The client has no access to the tenant."
                )
            );

        var full = Now + TokenLifetime;
        var expiresAt = full < basis.ExpiresAt ? full : basis.ExpiresAt;
        return Granted(
            NewToken(Now, expiresAt, tenant) with
            {
                Base = basis.Value,
            },
            OverstateScopedLifetime ? full : expiresAt
        );
    }

    private IssuedToken NewToken(DateTimeOffset now, DateTimeOffset expiresAt, Guid? tenant)
    {
        var claims = Claims(audience: Origin);
        claims["tenant_id"] = tenant?.ToString("D");
        var value = TokenFormat is TokenFormat.Jwt ? Mint.Jwt(now, expiresAt, claims) : Mint.Opaque();
        return new IssuedToken(value, now, expiresAt) { Tenant = tenant };
    }

    private Reply Granted(IssuedToken token, DateTimeOffset claimedExpiry)
    {
        Ledger.Add(token);
        var idToken = Mint.Jwt(token.IssuedAt, token.ExpiresAt, Claims(audience: ClientId));
        return AcronisTokenReply.Of(token, idToken, claimedExpiry, Expiry);
    }

    private JsonObject Claims(string audience) =>
        new()
        {
            ["iss"] = Origin,
            ["sub"] = ClientId,
            ["aud"] = audience,
        };

    private Reply Call(HttpRequest request)
    {
        if (TokenOf(request) is not { } token)
            return OAuthReply.InvalidToken();

        var id = request.Path.Value!.Split('/')[^1];
        if (IsIn(request.Path, Clients) && id == ClientId)
            return Reply.Json(
                StatusCodes.Status200OK,
                new JsonObject
                {
                    ["client_id"] = ClientId,
                    ["type"] = "api_client",
                    ["enabled"] = true,
                }
            );
        if (!IsIn(request.Path, Tenant) || !Guid.TryParse(id, out var tenant) || !Tenants.Contains(tenant))
            return Reply.NotFound();

        // A scoped token gives access to its own customer only.
        return token.Tenant is { } own && own != tenant
            ? OAuthReply.Error(
                StatusCodes.Status403Forbidden,
                "access_denied",
                "The token is scoped to another tenant."
            )
            : Reply.Json(
                StatusCodes.Status200OK,
                new JsonObject
                {
                    ["id"] = id,
                    ["kind"] = "customer",
                    ["enabled"] = true,
                }
            );
    }
}
