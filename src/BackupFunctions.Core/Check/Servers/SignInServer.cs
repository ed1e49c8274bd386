namespace BackupFunctions.Check.Servers;

/// <summary>Where a connection signs in, as its vendor knows it.</summary>
/// <param name="Address">The token endpoint; the authority where that is discovered.</param>
/// <param name="Setting">The setting that the address comes from, for example <c>BaseUrl</c>.</param>
public sealed record SignInServer(Uri Address, string Setting)
{
    /// <summary>Whether the token endpoint is found by the authority's discovery document.</summary>
    public bool IsDiscovered { get; init; }

    /// <summary>The SHA-256 of the server's certificate, 64 upper-case hex digits, where it is pinned; null if not.</summary>
    public string? Pin { get; init; }

    /// <summary>The setting that a pin comes from; null where the vendor's servers cannot be pinned.</summary>
    public string? PinSetting { get; init; }
}
