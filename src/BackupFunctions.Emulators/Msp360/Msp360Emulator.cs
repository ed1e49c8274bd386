using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// MSP360's Managed Backup API: API login and password in JSON or in a form, a token that lives for two weeks, and
/// <c>GET /api/Users</c> behind it. Based on help.mspbackups.com ("API, Provider, Login").
/// </summary>
public sealed class Msp360Emulator : VendorEmulator, ICatalogueEmulator
{
    private const string TokenPath = "/api/Provider/Login";
    private const string UsersPath = "/api/Users";

    /// <summary>A server that knows one API login.</summary>
    public Msp360Emulator(EmulatorOptions options)
        : base("msp360", options, TimeSpan.FromDays(14), certificate: null, Endpoints.Token, Endpoints.Api) =>
        Password = options.Credentials.SecretOf(Name);

    /// <summary>The one API login.</summary>
    public string UserName { get; set; } = "api-7f31c2";

    /// <summary>Its password; assign a new one as when credentials are generated, which ends the old ones.</summary>
    public string Password { get; set; }

    string ICatalogueEmulator.SettingsName => "Msp360";

    IReadOnlyDictionary<string, string> ICatalogueEmulator.ConnectionSettings =>
        new Dictionary<string, string> { ["BaseUrl"] = BaseAddress.ToString(), ["ClientId"] = UserName };

    IReadOnlyList<EmulatedSecret> ICatalogueEmulator.ConnectionSecrets =>
        [new("msp360-default-client-secret", Password, "text/plain")];

    void ICatalogueEmulator.ChangeSecret(string secret) => Password = secret;

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path.Value) switch
        {
            ("POST", TokenPath) => Endpoints.Token,
            ("GET", UsersPath) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            Endpoints.Token when await JsonBody.ReadAsync(request) is { } body => Issue(
                body.Text("UserName"),
                body.Text("Password")
            ),
            Endpoints.Token when await TokenForm.ReadAsync(request) is { } form => Issue(
                form["UserName"],
                form["Password"]
            ),
            Endpoints.Token => OAuthReply.InvalidRequest("The request must be JSON or a form."),
            Endpoints.Api when TokenOf(request) is not null => Reply.Json(StatusCodes.Status200OK, new JsonArray()),
            Endpoints.Api => OAuthReply.InvalidToken(),
            _ => Reply.NotFound(),
        };

    private Reply Issue(string? userName, string? password)
    {
        if (ClientDisabled || userName != UserName || password != Password)
            return Refused(OAuthReply.InvalidClient());

        var now = Now;
        var token = new IssuedToken(Mint.Opaque(), now, now + TokenLifetime);
        Ledger.Add(token);
        return Reply
            .Json(
                StatusCodes.Status200OK,
                new JsonObject
                {
                    ["access_token"] = token.Value,
                    ["token_type"] = "bearer",
                    ["expires_in"] = (long)TokenLifetime.TotalSeconds,
                }
            )
            .NotStored();
    }
}
