using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// A vendor with OpenID Connect Discovery: the document, the key set, and <c>/connect/token</c>, as Duende
/// IdentityServer serves them.
/// </summary>
public abstract class OpenIdEmulator : VendorEmulator
{
    private protected const string TokenPath = "/connect/token";
    private const string DiscoveryPath = "/.well-known/openid-configuration";
    private const string KeySetPath = DiscoveryPath + "/jwks";
    private const string RevocationPath = "/connect/revocation";

    private protected OpenIdEmulator(string name, EmulatorOptions options)
        : base(
            name,
            options,
            TimeSpan.FromSeconds(3600),
            certificate: null,
            Endpoints.Token,
            Endpoints.Discovery,
            Endpoints.KeySet,
            Endpoints.Revocation,
            Endpoints.Api
        ) { }

    /// <summary>
    /// The issuer that the document claims; null for the true one. OIDC Discovery section 4.3: it must match.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The token endpoint that the document names, perhaps on another host; null for the true one.</summary>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>Whether the key set, which token requests do not need, answers with a server error.</summary>
    public bool BrokenKeySet { get; set; }

    /// <summary>
    /// Whether there is a revocation endpoint (RFC 7009) that the document names; the vendors are not known to have
    /// one.
    /// </summary>
    public bool RevokesTokens { get; set; }

    /// <summary>The token endpoint as the document names it.</summary>
    private protected string PublishedTokenEndpoint => TokenEndpoint?.ToString() ?? Origin + TokenPath;

    /// <summary>The client authentication methods that the document names.</summary>
    private protected abstract string[] AuthenticationMethods { get; }

    /// <summary>The scopes that the document names.</summary>
    private protected virtual string[] Scopes => [];

    private protected abstract bool IsApi(HttpRequest request);

    private protected abstract Task<Reply> IssueAsync(HttpRequest request, TokenForm form);

    private protected abstract Reply Call(HttpRequest request);

    /// <summary>Whether a request authenticates the one client.</summary>
    private protected abstract Task<bool> IsAuthenticatedAsync(HttpRequest request, TokenForm form);

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path.Value) switch
        {
            ("POST", TokenPath) => Endpoints.Token,
            ("POST", RevocationPath) when RevokesTokens => Endpoints.Revocation,
            ("GET", DiscoveryPath) => Endpoints.Discovery,
            ("GET", KeySetPath) => Endpoints.KeySet,
            _ when IsApi(request) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            Endpoints.Token when await TokenForm.ReadAsync(request) is { } form => await IssueAsync(request, form),
            Endpoints.Token => OAuthReply.InvalidRequest("The request must be a form without repeated fields."),
            Endpoints.Revocation when await TokenForm.ReadAsync(request) is { } form => await RevokeAsync(
                request,
                form
            ),
            Endpoints.Revocation => OAuthReply.InvalidRequest("The request must be a form without repeated fields."),
            Endpoints.Discovery => Reply.Json(StatusCodes.Status200OK, Document()),
            Endpoints.KeySet when BrokenKeySet => new Reply(StatusCodes.Status500InternalServerError),
            Endpoints.KeySet => Reply.Json(
                StatusCodes.Status200OK,
                Mint.KeySet(),
                "application/jwk-set+json; charset=UTF-8"
            ),
            Endpoints.Api when TokenOf(request) is not null => Call(request),
            Endpoints.Api => OAuthReply.InvalidToken(),
            _ => Reply.NotFound(),
        };

    /// <summary>RFC 7009 section 2.2: an empty 200, even for an invalid token.</summary>
    private async Task<Reply> RevokeAsync(HttpRequest request, TokenForm form)
    {
        if (ClientDisabled || !await IsAuthenticatedAsync(request, form))
            return Refused(OAuthReply.InvalidClient(StatusCodes.Status400BadRequest));
        if (form["token"] is not { } token)
            return OAuthReply.InvalidRequest("token is missing.");

        Revoke(token);
        return new Reply(StatusCodes.Status200OK);
    }

    /// <summary>Issues a token in the standard reply.</summary>
    private protected Reply Granted(string clientId, string? scope)
    {
        var now = Now;
        var claims = new JsonObject
        {
            ["iss"] = Issuer ?? Origin,
            ["client_id"] = clientId,
            ["sub"] = clientId,
            ["scope"] = scope,
        };
        var token = new IssuedToken(Mint.Jwt(now, now + TokenLifetime, claims), now, now + TokenLifetime);
        Ledger.Add(token);

        var reply = new JsonObject
        {
            ["access_token"] = token.Value,
            ["expires_in"] = (long)TokenLifetime.TotalSeconds,
            ["token_type"] = "Bearer",
        };
        if (scope is not null)
            reply["scope"] = scope;
        return Reply.Json(StatusCodes.Status200OK, reply).NotStored();
    }

    private JsonObject Document()
    {
        var document = BareDocument();
        if (RevokesTokens)
            document["revocation_endpoint"] = Origin + RevocationPath;
        return document;
    }

    private JsonObject BareDocument() =>
        new()
        {
            ["issuer"] = Issuer ?? Origin,
            ["jwks_uri"] = Origin + KeySetPath,
            ["authorization_endpoint"] = $"{Origin}/connect/authorize",
            ["token_endpoint"] = PublishedTokenEndpoint,
            ["grant_types_supported"] = List("client_credentials"),
            ["response_types_supported"] = List("code"),
            ["subject_types_supported"] = List("public"),
            ["id_token_signing_alg_values_supported"] = List("ES256"),
            ["token_endpoint_auth_methods_supported"] = List(AuthenticationMethods),
            ["scopes_supported"] = List(Scopes),
        };

    private static JsonArray List(params string[] values) =>
        [.. values.Select(static value => JsonValue.Create(value))];
}
