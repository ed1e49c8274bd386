using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// backup.net's MSP portal: client id and secret in the body only, no refresh token, and
/// <c>GET /v1/customers</c> at the same origin. Based on the Kaseya/Unitrends help desk ("backup.net public API").
/// </summary>
public sealed class BackupNetEmulator(EmulatorOptions options) : OpenIdEmulator("backupnet", options)
{
    private const string CustomersPath = "/v1/customers";

    /// <summary>The one client.</summary>
    public string ClientId { get; set; } = options.Credentials.BackupNetClientId;

    /// <summary>Its secret; assign a new one to rotate it.</summary>
    public string ClientSecret { get; set; } = options.Credentials.BackupNetClientSecret;

    private protected override string[] AuthenticationMethods => ["client_secret_post"];

    private protected override bool IsApi(HttpRequest request) =>
        request.Method == HttpMethods.Get && request.Path == CustomersPath;

    private protected override Task<Reply> IssueAsync(HttpRequest request, TokenForm form) =>
        Task.FromResult(Issue(request, form));

    private protected override Reply Call(HttpRequest request) =>
        Reply.Json(StatusCodes.Status200OK, new JsonArray(new JsonObject { ["id"] = 1, ["name"] = "Contoso" }));

    private protected override Task<bool> IsAuthenticatedAsync(HttpRequest request, TokenForm form) =>
        Task.FromResult(IsAuthenticated(request, form));

    private bool IsAuthenticated(HttpRequest request, TokenForm form) =>
        request.Headers.Authorization.Count == 0
        && form["client_id"] == ClientId
        && form["client_secret"] == ClientSecret;

    private Reply Issue(HttpRequest request, TokenForm form)
    {
        // Client authentication is checked before the rest of the request.
        if (ClientDisabled || !IsAuthenticated(request, form))
            return Refused(OAuthReply.InvalidClient(StatusCodes.Status400BadRequest));

        return form["grant_type"] switch
        {
            "client_credentials" => Granted(ClientId, scope: null),
            null => OAuthReply.InvalidRequest("grant_type is missing."),
            _ => OAuthReply.UnsupportedGrantType(),
        };
    }
}
