namespace BackupFunctions.Testing;

public enum OidcTokenFormat
{
    Opaque,
    Jwt,
}

public sealed record OidcProviderOptions
{
    public required IReadOnlyList<OidcClient> Clients { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = ["platformbackup.readwrite.all"];

    /// <summary>Whole seconds; the server runs on the machine's clock.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public OidcTokenFormat TokenFormat { get; init; } = OidcTokenFormat.Opaque;
}
