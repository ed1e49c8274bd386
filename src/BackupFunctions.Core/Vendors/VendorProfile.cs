namespace BackupFunctions.Vendors;

/// <summary>
/// Everything that distinguishes one vendor from another, as data. The flows in <c>SignIn</c> read it; no other code
/// names a vendor.
/// </summary>
public sealed record VendorProfile
{
    /// <summary>The timer of all vendors that have none of their own.</summary>
    public const string CatalogueTimer = "Catalogue";

    /// <summary>The name in routes and secret names, for example <c>acronis-cyberapp</c>; lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The name in settings, for example <c>AcronisCyberApp</c>.</summary>
    public required string SettingsName { get; init; }

    /// <summary>What people call the vendor's product, for example <c>Acronis Cyber Protect Cloud</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The setting with the URL of the server that issues tokens.</summary>
    public required UrlSetting Server { get; init; }

    /// <summary>
    /// The token endpoint's path below the server's URL, perhaps with values in braces; null if the server's discovery
    /// document names the endpoint.
    /// </summary>
    public string? TokenPath { get; init; }

    /// <summary>The setting with the URL of the API; null if the API is at the server that issues tokens.</summary>
    public UrlSetting? Api { get; init; }

    /// <summary>How the vendor signs API callers in.</summary>
    public required SignInFlow Flow { get; init; }

    /// <summary>The settings whose values stand in braces in paths and headers.</summary>
    public IReadOnlyList<ValueSetting> Values { get; init; } = [];

    /// <summary>
    /// The headers that every call needs besides <c>Authorization</c>, token requests included; values in braces.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Where a token reply has its fields.</summary>
    public ReplyFields Reply { get; init; } = new();

    /// <summary>The life of a token whose reply has no evidence of it.</summary>
    public TimeSpan LifetimeWithoutEvidence { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The statuses with which the API says that it does not accept the token.</summary>
    public IReadOnlyList<int> RejectedStatuses { get; init; } = [401];

    /// <summary>
    /// The call at the server that issues tokens which ends the session of its bearer token; null if there is none.
    /// </summary>
    public ApiCall? EndSession { get; init; }

    /// <summary>A call of the API that changes nothing and shows that a token works; null if none is known.</summary>
    public ApiCall? HarmlessCall { get; init; }

    /// <summary>
    /// Whether the vendor has a timer function of its own; all others share <c>RefreshCatalogue</c>.
    /// </summary>
    public bool HasOwnTimer { get; init; }

    /// <summary>The timer that renews its tokens: the function is <c>Refresh{TimerName}</c>.</summary>
    public string TimerName => HasOwnTimer ? SettingsName : CatalogueTimer;

    /// <summary>Whether the setting <c>ServerCertificateSha256</c> may pin the server's certificate.</summary>
    public bool CanPinCertificate { get; init; }

    /// <summary>How many connections a sweep renews at once, unless a setting says otherwise.</summary>
    public int RefreshConcurrency { get; init; } = 16;

    /// <summary>
    /// Whether signing in spends a refresh token that works once: then only the lock's holder may sign in.
    /// </summary>
    public bool RotatesRefreshTokens => Flow is PasswordFlow;

    /// <summary>Whether the vendor issues tokens; if not, its connections have a static key.</summary>
    public bool IssuesTokens => Flow is not StaticKeyFlow;

    /// <summary>Whether a connection's token can be exchanged for one of a single customer tenant.</summary>
    public bool GrantsTenantTokens => Flow is ClientCredentialsFlow { TenantScope: not null };

    /// <summary>
    /// How many digits a one-time code has with which a person can enrol a connection; null if there is no enrolment.
    /// </summary>
    public int? OneTimeCodeDigits =>
        Flow is PasswordFlow { OneTimeCodeGrant: not null } flow ? flow.OneTimeCodeDigits : null;

    /// <summary>Puts values in the place of their names in braces.</summary>
    /// <param name="template">A path, a URL or a header of a profile.</param>
    /// <param name="values">The values by their names.</param>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values) =>
        values.Aggregate(template, (text, value) =>
            text.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal)
        );
}
