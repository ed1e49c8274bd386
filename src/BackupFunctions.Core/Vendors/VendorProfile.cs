namespace BackupFunctions.Vendors;

/// <summary>
/// Everything that distinguishes one vendor from another, as data. The flows in <c>SignIn</c> read it; no other code
/// names a vendor.
/// </summary>
public sealed record VendorProfile
{
    /// <summary>The name in routes and secret names, for example <c>acronis-cyberapp</c>; lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The name in settings, for example <c>AcronisCyberApp</c>.</summary>
    public required string SettingsName { get; init; }

    /// <summary>The setting with the URL of the server that issues tokens.</summary>
    public required UrlSetting Server { get; init; }

    /// <summary>
    /// The token endpoint's path below the server's URL; null if the server's discovery document names the endpoint.
    /// </summary>
    public string? TokenPath { get; init; }

    /// <summary>The setting with the URL of the API; null if the API is at the server that issues tokens.</summary>
    public UrlSetting? Api { get; init; }

    /// <summary>How the vendor signs API callers in.</summary>
    public required SignInFlow Flow { get; init; }

    /// <summary>Whether the setting <c>ServerCertificateSha256</c> may pin the server's certificate.</summary>
    public bool CanPinCertificate { get; init; }

    /// <summary>How many connections a sweep renews at once, unless a setting says otherwise.</summary>
    public int RefreshConcurrency { get; init; } = 16;

    /// <summary>
    /// Whether signing in spends a refresh token that works once: then only the lock's holder may sign in.
    /// </summary>
    public bool RotatesRefreshTokens => Flow is PasswordFlow;

    /// <summary>Whether a connection's token can be exchanged for one of a single customer tenant.</summary>
    public bool GrantsTenantTokens => Flow is ClientCredentialsFlow { TenantScope: not null };

    /// <summary>
    /// How many digits a one-time code has with which a person can enrol a connection; null if there is no enrolment.
    /// </summary>
    public int? OneTimeCodeDigits => (Flow as PasswordFlow)?.OneTimeCodeDigits;
}
