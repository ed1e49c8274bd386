namespace BackupFunctions.Vendors;

/// <summary>How a vendor signs API callers in.</summary>
public abstract record SignInFlow;

/// <summary>Client credentials (RFC 6749 section 4.4): one request, and only the access token is kept.</summary>
public sealed record ClientCredentialsFlow : SignInFlow
{
    /// <summary>How the client proves who it is.</summary>
    public required ClientAuthentication Authentication { get; init; }

    /// <summary>What the setting <c>ClientId</c> holds, as findings say it.</summary>
    public required string ClientIdDescription { get; init; }

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

    /// <summary><c>client_secret_post</c>.</summary>
    Body,

    /// <summary><c>private_key_jwt</c> (RFC 7523 section 2.2), signed with a registered certificate.</summary>
    PrivateKeyJwt,
}

/// <summary>
/// A password, a one-time code if the account asks for one, and then refresh tokens, each of which works once.
/// </summary>
public sealed record PasswordFlow : SignInFlow
{
    /// <summary>What the setting <c>Username</c> holds, as findings say it.</summary>
    public required string UsernameDescription { get; init; }

    /// <summary>How long a refresh token lives; the vendor's replies do not say.</summary>
    public required TimeSpan RefreshTokenLifetime { get; init; }

    /// <summary>How many digits a one-time code has (RFC 6238).</summary>
    public int OneTimeCodeDigits { get; init; } = 6;
}
