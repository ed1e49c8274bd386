using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// A Rubrik Security Cloud account: a JSON request for a token, <c>POST /api/graphql</c> behind it, and
/// <c>DELETE /api/session</c>, which ends it. Based on docs.rubrik.com ("Authenticating with a service account").
/// </summary>
public sealed class RubrikEmulator : VendorEmulator, ICatalogueEmulator
{
    private const string TokenPath = "/api/client_token";
    private const string SessionPath = "/api/session";
    private const string GraphPath = "/api/graphql";

    /// <summary>An account that knows one service account.</summary>
    public RubrikEmulator(EmulatorOptions options)
        : base(
            "rubrik",
            options,
            TimeSpan.FromSeconds(43_200),
            certificate: null,
            Endpoints.Token,
            Endpoints.SignOut,
            Endpoints.Api
        ) => ClientSecret = options.Credentials.SecretOf(Name);

    /// <summary>The one service account.</summary>
    public string ClientId { get; set; } = "client|7d5f0b1c-52b1-4a07-9a53-6f4f2d9a6a10";

    /// <summary>Its secret; assign a new one to rotate it.</summary>
    public string ClientSecret { get; set; }

    string ICatalogueEmulator.SettingsName => "Rubrik";

    IReadOnlyDictionary<string, string> ICatalogueEmulator.ConnectionSettings =>
        new Dictionary<string, string> { ["BaseUrl"] = BaseAddress.ToString(), ["ClientId"] = ClientId };

    IReadOnlyList<EmulatedSecret> ICatalogueEmulator.ConnectionSecrets =>
        [new("rubrik-default-client-secret", ClientSecret, "text/plain")];

    void ICatalogueEmulator.ChangeSecret(string secret) => ClientSecret = secret;

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path.Value) switch
        {
            ("POST", TokenPath) => Endpoints.Token,
            ("DELETE", SessionPath) => Endpoints.SignOut,
            ("POST", GraphPath) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            Endpoints.Token when await JsonBody.ReadAsync(request) is { } body => Issue(body),
            Endpoints.Token => OAuthReply.InvalidRequest("The request must be a JSON object."),
            Endpoints.SignOut when TokenOf(request) is { } token => SignOut(token),
            Endpoints.Api when TokenOf(request) is not null => Reply.Json(
                StatusCodes.Status200OK,
                new JsonObject { ["data"] = new JsonObject { ["deploymentVersion"] = "v20261101-1" } }
            ),
            Endpoints.SignOut or Endpoints.Api => OAuthReply.InvalidToken(),
            _ => Reply.NotFound(),
        };

    private Reply Issue(JsonObject body)
    {
        if (ClientDisabled || body.Text("client_id") != ClientId || body.Text("client_secret") != ClientSecret)
            return Refused(OAuthReply.InvalidClient());
        if (body.Text("grant_type") != "client_credentials")
            return OAuthReply.UnsupportedGrantType();

        var now = Now;
        var claims = new JsonObject { ["iss"] = Origin, ["sub"] = ClientId };
        var token = new IssuedToken(Mint.Jwt(now, now + TokenLifetime, claims), now, now + TokenLifetime);
        Ledger.Add(token);
        return Reply
            .Json(
                StatusCodes.Status200OK,
                new JsonObject
                {
                    ["client_id"] = ClientId,
                    ["access_token"] = token.Value,
                    ["expires_in"] = (long)TokenLifetime.TotalSeconds,
                }
            )
            .NotStored();
    }

    private Reply SignOut(IssuedToken token)
    {
        Revoke(token.Value);
        return new Reply(StatusCodes.Status204NoContent);
    }
}
