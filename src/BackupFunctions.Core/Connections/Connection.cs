using BackupFunctions.Credentials;
using BackupFunctions.Vendors;

namespace BackupFunctions.Connections;

/// <summary>
/// A named set of credentials at one vendor, as validated settings describe it. Compared by reference: a connection
/// that is defined anew is another one, and nothing known of the old one applies to it.
/// </summary>
public sealed class Connection
{
    /// <summary>The vendor that the connection is at.</summary>
    public required VendorProfile Vendor { get; init; }

    /// <summary>Which connection this is.</summary>
    public required ConnectionKey Key { get; init; }

    /// <summary>
    /// The server that issues tokens: the value of the setting that <see cref="VendorProfile.Server"/> names.
    /// </summary>
    public required Uri Server { get; init; }

    /// <summary>The URL of the vendor's API; null if it is not known.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The client id (client credentials); empty in the password flow.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The user name (password flow); empty with client credentials.</summary>
    public string Username { get; init; } = "";

    /// <summary>The client secret, certificate or password.</summary>
    public required CredentialName Credential { get; init; }

    /// <summary>
    /// The Base32 secret of the account's one-time codes, which need not exist; null with client credentials.
    /// </summary>
    public CredentialName? TotpSecret { get; init; }

    /// <summary>How the client authenticates, by default as the profile says; null in the password flow.</summary>
    public ClientAuthentication? Authentication
    {
        get => field ?? (Vendor.Flow as ClientCredentialsFlow)?.Authentication;
        init;
    }

    /// <summary>The values that stand in braces in the profile's paths and headers, by the setting's name.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>The scope to request; null for none.</summary>
    public string? Scope { get; init; }

    /// <summary>The customer tenant that the stored token is scoped to; null for the client's own.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>
    /// The SHA-256 of the server's certificate, 64 upper-case hex digits; null if the system has to trust it.
    /// </summary>
    public string? ServerCertificateSha256 { get; init; }

    /// <summary>
    /// How early to renew; null for the rule of <see cref="Tokens.TokenMetadata.RefreshAt(TimeSpan?)"/>.
    /// </summary>
    public TimeSpan? RefreshBefore { get; init; }

    /// <summary>The secret in the token vault that holds the access token.</summary>
    public required string TokenSecretName { get; init; }

    /// <summary>The secret in the credential vault that holds the refresh token, if the vendor issues one.</summary>
    public string RefreshTokenSecretName => $"{Key.Vendor}-{Key.Connection}-refresh-token";

    /// <summary>The credentials that a sign-in reads.</summary>
    public IReadOnlyList<CredentialName> Credentials => TotpSecret is null ? [Credential] : [Credential, TotpSecret];

    /// <summary>The token endpoint; null if the server's discovery document names it.</summary>
    public Uri? TokenEndpoint => Vendor.TokenPath is { } path ? At(Server, path) : null;

    /// <summary>The headers that every call of the vendor needs besides <c>Authorization</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers =>
        field ??= Vendor.Headers.ToDictionary(
            header => header.Key,
            header => VendorProfile.Fill(header.Value, Values),
            StringComparer.Ordinal
        );

    /// <summary>
    /// The pin of a server's certificate; null if it has none, or is not the server that issues tokens.
    /// </summary>
    public string? PinOf(Uri server) => server.Authority == Server.Authority ? ServerCertificateSha256 : null;

    /// <summary>A path of the profile below a server's URL.</summary>
    /// <param name="server">The server.</param>
    /// <param name="path">The path, perhaps with values in braces; <c>{ClientId}</c> is the client id.</param>
    public Uri At(Uri server, string path) =>
        new(
            $"{server.AbsoluteUri.TrimEnd('/')}/"
                + VendorProfile
                    .Fill(path, Values)
                    .Replace("{ClientId}", Uri.EscapeDataString(ClientId), StringComparison.Ordinal)
        );
}
