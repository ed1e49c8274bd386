using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// Druva's MSP API: client id and secret in HTTP Basic, unencoded, and <c>GET /msp/v3/customers</c> behind the token.
/// Based on developer.druva.com ("Authenticate, MSP APIs").
/// </summary>
public sealed class DruvaEmulator : VendorEmulator, ICatalogueEmulator
{
    private const string TokenPath = "/msp/auth/v1/token";
    private const string CustomersPath = "/msp/v3/customers";

    /// <summary>A server that knows one client.</summary>
    public DruvaEmulator(EmulatorOptions options)
        : base("druva", options, TimeSpan.FromMinutes(15), certificate: null, Endpoints.Token, Endpoints.Api)
    {
        // Ids and secrets of this vendor are base64, with characters that form-encoding would change.
        ClientId = "bXNwK2NsaWVudC8wMQ==";
        ClientSecret = options.Credentials.SecretOf(Name);
    }

    /// <summary>The one client.</summary>
    public string ClientId { get; set; }

    /// <summary>Its secret; assign a new one to rotate it.</summary>
    public string ClientSecret { get; set; }

    /// <summary>
    /// The API's status for a token that expired or is unknown; the vendor documents 403 for its enterprise API.
    /// </summary>
    public int RejectedStatus { get; set; } = StatusCodes.Status403Forbidden;

    string ICatalogueEmulator.SettingsName => "Druva";

    IReadOnlyDictionary<string, string> ICatalogueEmulator.ConnectionSettings =>
        new Dictionary<string, string> { ["BaseUrl"] = BaseAddress.ToString(), ["ClientId"] = ClientId };

    IReadOnlyList<EmulatedSecret> ICatalogueEmulator.ConnectionSecrets =>
        [new("druva-default-client-secret", ClientSecret, "text/plain")];

    void ICatalogueEmulator.ChangeSecret(string secret) => ClientSecret = secret;

    private protected override string EndpointOf(HttpRequest request) =>
        (request.Method, request.Path.Value) switch
        {
            ("POST", TokenPath) => Endpoints.Token,
            ("GET", CustomersPath) => Endpoints.Api,
            _ => Endpoints.Unknown,
        };

    private protected override async Task<Reply> AnswerAsync(string endpoint, HttpRequest request) =>
        endpoint switch
        {
            Endpoints.Token when await TokenForm.ReadAsync(request) is { } form => Issue(request, form),
            Endpoints.Token => OAuthReply.InvalidRequest("The request must be a form without repeated fields."),
            Endpoints.Api when TokenOf(request) is not null => Reply.Json(
                StatusCodes.Status200OK,
                new JsonObject { ["customers"] = new JsonArray() }
            ),
            Endpoints.Api => Reply.Json(RejectedStatus, new JsonObject { ["message"] = "Forbidden" }),
            _ => Reply.NotFound(),
        };

    private Reply Issue(HttpRequest request, TokenForm form)
    {
        // The id and the secret as they are: form-encoded ones are unknown.
        if (ClientDisabled || BasicCredentials.Of(request) != new BasicCredentials(ClientId, ClientSecret))
            return Refused(OAuthReply.InvalidClient());
        if (form["grant_type"] != "client_credentials")
            return OAuthReply.UnsupportedGrantType();

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
