using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>
/// AvePoint's identity service: client credentials with a signed assertion (private_key_jwt) or, once one is set, a
/// client secret. Based on learn.avepoint.com ("Platform Backup API, authentication") and AvePoint/cloud-api.
/// </summary>
public sealed class AvePointEmulator : OpenIdEmulator
{
    /// <summary>The one scope that the client may ask for.</summary>
    public const string Scope = "platformbackup.readwrite.all";

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    // The paths of the API are not public; any path below this one represents them.
    private const string ApiPath = "/platformbackup";
    private readonly AssertionCheck _assertions;

    /// <summary>An identity service that knows the one client of <see cref="EmulatorOptions.Credentials"/>.</summary>
    public AvePointEmulator(EmulatorOptions options)
        : base("avepoint", options)
    {
        ClientId = options.Credentials.AvePointClientId;
        ClientSecret = options.Credentials.AvePointClientSecret;
        Certificates.Register(options.Credentials.AvePointCertificate);
        _assertions = new AssertionCheck(Certificates);
    }

    /// <summary>The one client.</summary>
    public string ClientId { get; set; }

    /// <summary>Its secret; null refuses the variant with a secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The certificates whose keys may sign the client's assertions.</summary>
    public RegisteredCertificates Certificates { get; } = new();

    /// <summary>How far ahead an assertion may expire.</summary>
    public TimeSpan LongestAssertion { get; set; } = TimeSpan.FromMinutes(10);

    private protected override string[] AuthenticationMethods =>
        ClientSecret is null ? ["private_key_jwt"] : ["private_key_jwt", "client_secret_post", "client_secret_basic"];

    private protected override string[] Scopes => [Scope];

    /// <summary>Registers a certificate in place of all others, as in a rotation.</summary>
    public void ReplaceCertificate(X509Certificate2 certificate)
    {
        Certificates.Clear();
        Certificates.Register(certificate);
    }

    private protected override bool IsApi(HttpRequest request) =>
        request.Method == HttpMethods.Get && request.Path.StartsWithSegments(ApiPath, StringComparison.Ordinal);

    private protected override Reply Call(HttpRequest request) =>
        Reply.Json(StatusCodes.Status200OK, new JsonObject { ["data"] = new JsonArray() });

    private protected override async Task<Reply> IssueAsync(HttpRequest request, TokenForm form)
    {
        if (ClientDisabled || !await IsAuthenticatedAsync(request, form))
            return Refused(OAuthReply.InvalidClient(StatusCodes.Status400BadRequest));

        return (form["grant_type"], form["scope"]) switch
        {
            ("client_credentials", null or Scope) => Granted(ClientId, Scope),
            ("client_credentials", _) => OAuthReply.Error(
                StatusCodes.Status400BadRequest,
                "invalid_scope",
                "The scope is not allowed."
            ),
            (null, _) => OAuthReply.InvalidRequest("grant_type is missing."),
            _ => OAuthReply.UnsupportedGrantType(),
        };
    }

    private protected override async Task<bool> IsAuthenticatedAsync(HttpRequest request, TokenForm form)
    {
        if (form["client_assertion"] is { } assertion)
        {
            return form["client_assertion_type"] == AssertionType
                && (form["client_id"] ?? ClientId) == ClientId
                && await _assertions.IsValidAsync(assertion, ClientId, PublishedTokenEndpoint, Now, LongestAssertion);
        }

        if (ClientSecret is null)
            return false;

        return BasicCredentials.Of(request) is { } basic
            ? basic.Match(ClientId, ClientSecret)
            : form["client_id"] == ClientId && form["client_secret"] == ClientSecret;
    }
}
