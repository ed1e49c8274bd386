using BackupFunctions.Connections;

namespace BackupFunctions.Check.Servers;

/// <summary>Where a connection signs in.</summary>
/// <param name="Address">The token endpoint, or the server whose discovery document names it.</param>
/// <param name="Setting">The setting that the address comes from, for example <c>BaseUrl</c>.</param>
internal sealed record SignInServer(Uri Address, string Setting)
{
    /// <summary>Whether the server's discovery document names the token endpoint.</summary>
    public bool IsDiscovered { get; init; }

    /// <summary>The pinned SHA-256 of the server's certificate, 64 upper-case hex digits; null if it is not pinned.</summary>
    public string? Pin { get; init; }

    /// <summary>The setting that a pin comes from; null if the vendor's servers cannot be pinned.</summary>
    public string? PinSetting { get; init; }

    public static SignInServer Of(Connection connection) =>
        new(connection.TokenEndpoint ?? connection.Server, connection.Vendor.Server.Name)
        {
            IsDiscovered = connection.TokenEndpoint is null,
            Pin = connection.ServerCertificateSha256,
            PinSetting = connection.Vendor.CanPinCertificate ? "ServerCertificateSha256" : null,
        };
}
