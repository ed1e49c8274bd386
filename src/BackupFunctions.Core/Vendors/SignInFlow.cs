namespace BackupFunctions.Vendors;

/// <summary>How a vendor signs API callers in.</summary>
public abstract record SignInFlow;

/// <summary>Client credentials (RFC 6749 section 4.4): one request, and only the access token is kept.</summary>
public sealed record ClientCredentialsFlow : SignInFlow
{
    /// <summary>How the client proves who it is.</summary>
    public required ClientAuthentication Authentication { get; init; }

    /// <summary>
    /// What the setting <c>ClientId</c> holds, as findings say it; null if the secret alone is the credential.
    /// </summary>
    public string? ClientIdDescription { get; init; }

    /// <summary>
    /// Whether a connection that names a client secret instead of a certificate authenticates with it, in the body.
    /// </summary>
    public bool AcceptsClientSecret { get; init; }

    /// <summary>Whether the request is a JSON object rather than a form.</summary>
    public bool SendsJson { get; init; }

    /// <summary>The <c>grant_type</c>; null if the vendor has none.</summary>
    public string? GrantType { get; init; } = "client_credentials";

    /// <summary>Further fields of the request.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>The field with the client id, where it is in the body.</summary>
    public string ClientIdField { get; init; } = "client_id";

    /// <summary>The field with the client secret, where it is in the body.</summary>
    public string ClientSecretField { get; init; } = "client_secret";

    /// <summary>
    /// The scope requested if the setting <c>Scope</c> names none; null if the vendor has no scopes and no such
    /// setting.
    /// </summary>
    public string? DefaultScope { get; init; }

    /// <summary>
    /// The prefix of the scope with which a token is exchanged for one of a customer tenant (RFC 7523 section 2.1); the
    /// tenant's UUID follows. Null if the vendor has no such exchange.
    /// </summary>
    public string? TenantScope { get; init; }
}

/// <summary>How a client authenticates at the token endpoint (OpenID Connect Core section 9).</summary>
public enum ClientAuthentication
{
    /// <summary>
    /// <c>client_secret_basic</c>, with id and secret unencoded as RFC 7617 has them, not form-encoded as RFC 6749
    /// section 2.3.1 asks: Acronis' own samples do so.
    /// </summary>
    Basic,

    /// <summary><c>client_secret_basic</c>, with id and secret form-encoded (RFC 6749 section 2.3.1).</summary>
    BasicEncoded,

    /// <summary><c>client_secret_post</c>.</summary>
    Body,

    /// <summary><c>private_key_jwt</c> (RFC 7523 section 2.2), signed with a registered certificate.</summary>
    PrivateKeyJwt,

    /// <summary>The secret is the bearer token of the token request (RFC 6750 section 2.1).</summary>
    Bearer,
}

/// <summary>
/// No sign-in: the credential itself goes with every call of the API, and to no caller. There are no tokens.
/// </summary>
public sealed record StaticKeyFlow : SignInFlow
{
    /// <summary>The header that carries the key.</summary>
    public required string Header { get; init; }

    /// <summary>What stands before the key in the header, with the space between them; empty for nothing.</summary>
    public string Prefix { get; init; } = "";
}

/// <summary>
/// A password, a one-time code if the account asks for one, and then refresh tokens, each of which works once
/// (RFC 6749 sections 4.3 and 6).
/// </summary>
public sealed record PasswordFlow : SignInFlow
{
    /// <summary>What the setting <c>Username</c> holds, as findings say it.</summary>
    public required string UsernameDescription { get; init; }

    /// <summary>How long a refresh token lives; the vendor's replies do not say.</summary>
    public required TimeSpan RefreshTokenLifetime { get; init; }

    /// <summary>The <c>grant_type</c> of a sign-in with the password.</summary>
    public string PasswordGrant { get; init; } = "password";

    /// <summary>The <c>grant_type</c> with which a refresh token is spent.</summary>
    public string RefreshGrant { get; init; } = "refresh_token";

    /// <summary>The <c>grant_type</c> of a one-time code; null if the vendor asks for none.</summary>
    public string? OneTimeCodeGrant { get; init; }

    /// <summary>Further fields of every request.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>The field with the user name.</summary>
    public string UsernameField { get; init; } = "username";

    /// <summary>The field with the password.</summary>
    public string PasswordField { get; init; } = "password";

    /// <summary>How many digits a one-time code has (RFC 6238).</summary>
    public int OneTimeCodeDigits { get; init; } = 6;
}
