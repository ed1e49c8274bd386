using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// An N-able N-central server: the user's API token as the bearer of an empty request, the access token in a nested
/// reply, and <c>GET /api/auth/validate</c> behind it. Based on developer.n-able.com ("N-central, Authentication").
/// </summary>
public sealed class NCentralEmulator : VendorEmulator, ICatalogueEmulator
{
    private const string TokenPath = "/api/auth/authenticate";
    private const string ApiPath = "/api/auth/validate";
    private const string Type = "Bearer";

    /// <summary>A server that knows one API-only user.</summary>
    public NCentralEmulator(EmulatorOptions options)
        : base("ncentral", options, TimeSpan.FromSeconds(3600), certificate: null, Endpoints.Token, Endpoints.Api) =>
        ApiToken = options.Credentials.SecretOf(Name);

    /// <summary>The one user's API token; assign a new one to rotate it.</summary>
    public string ApiToken { get; set; }

    string ICatalogueEmulator.SettingsName => "NCentral";

    IReadOnlyDictionary<string, string> ICatalogueEmulator.ConnectionSettings =>
        new Dictionary<string, string> { ["BaseUrl"] = BaseAddress.ToString() };

    IReadOnlyList<EmulatedSecret> ICatalogueEmulator.ConnectionSecrets =>
        [new("ncentral-default-client-secret", ApiToken, "text/plain")];

    void ICatalogueEmulator.ChangeSecret(string secret) => ApiToken = secret;

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path.Value) switch
        {
            ("POST", TokenPath) => Endpoints.Token,
            ("GET", ApiPath) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        Task.FromResult(
            endpoint switch
            {
                Endpoints.Token => Issue(request),
                Endpoints.Api when TokenOf(request) is not null => Reply.Json(
                    StatusCodes.Status200OK,
                    new JsonObject { ["message"] = "The token is valid." }
                ),
                Endpoints.Api => Unauthorized("The access token is not valid."),
                _ => Reply.NotFound(),
            }
        );

    private Reply Issue(HttpRequest request)
    {
        if (ClientDisabled || BearerToken.Of(request) != ApiToken)
            return Refused(Unauthorized("The API token is not valid."));

        var now = Now;
        var claims = new JsonObject { ["iss"] = Origin };
        var token = new IssuedToken(Mint.Jwt(now, now + TokenLifetime, claims), now, now + TokenLifetime);
        Ledger.Add(token);
        return Reply
            .Json(
                StatusCodes.Status200OK,
                new JsonObject
                {
                    ["tokens"] = new JsonObject
                    {
                        ["access"] = Token(token.Value, TokenLifetime),
                        ["refresh"] = Token(Mint.Opaque(), TimeSpan.FromHours(25)),
                    },
                }
            )
            .NotStored();
    }

    private static JsonObject Token(string value, TimeSpan lifetime) =>
        new()
        {
            ["token"] = value,
            ["type"] = Type,
            ["expirySeconds"] = (long)lifetime.TotalSeconds,
        };

    private static Reply Unauthorized(string message) =>
        Reply.Json(
            StatusCodes.Status401Unauthorized,
            new JsonObject { ["status"] = StatusCodes.Status401Unauthorized, ["message"] = message }
        );
}
