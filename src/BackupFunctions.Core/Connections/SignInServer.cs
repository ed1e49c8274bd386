namespace BackupFunctions.Connections;

/// <summary>The server that one or more connections sign in at, and how findings describe it.</summary>
/// <param name="connections">The connections; not empty.</param>
internal sealed class SignInServer(IReadOnlyList<Connection> connections)
{
    private const string PinName = "ServerCertificateSha256";

    /// <summary>The server that one connection signs in at.</summary>
    public SignInServer(Connection connection)
        : this([connection]) { }

    private readonly string? _secret = connections[0]
        .Credentials.FirstOrDefault(credential => credential.Member is not null)
        ?.Name;

    /// <summary>One of the connections.</summary>
    public Connection Connection => connections[0];

    /// <summary>The token endpoint, or the server whose discovery document names it.</summary>
    public Uri Address => AddressOf(Connection);

    /// <summary>The pinned SHA-256 of its certificate, 64 upper-case hex digits; null if it is not pinned.</summary>
    public string? Pin => Connection.ServerCertificateSha256;

    /// <summary>Whether its discovery document names the token endpoint.</summary>
    public bool IsDiscovered => Connection.TokenEndpoint is null;

    /// <summary>The connection, or the server's name if several connections share it.</summary>
    public string Subject => connections.Count == 1 ? Connection.Key.ToString() : $"{Connection.Vendor.Name} at {Name}";

    /// <summary>The host, with its port if that is not the default.</summary>
    public string Name => Address.Authority;

    /// <summary>The setting that contains the address.</summary>
    public string Setting => SettingOf(Connection.Vendor.Server.Name);

    /// <summary>The setting for the pin; null if the vendor's servers cannot be pinned.</summary>
    public string? PinSetting => Connection.Vendor.CanPinCertificate ? SettingOf(PinName) : null;

    /// <summary>What to check if it cannot be reached.</summary>
    public string NetworkRemedy =>
        $"Check {Setting}, that the server runs, and that firewalls allow this host to connect to port {Address.Port}.";

    /// <summary>Where a connection signs in, as <see cref="Address"/>.</summary>
    public static Uri AddressOf(Connection connection) => connection.TokenEndpoint ?? connection.Server;

    /// <summary>The setting that pins a certificate; null if a secret contains it, or it cannot be pinned.</summary>
    public string? PinLine(string sha256) =>
        _secret is not null || PinSetting is null
            ? null
            : $"{PinSetting.Replace(":", "__", StringComparison.Ordinal)}={sha256}";

    private string SettingOf(string name) =>
        _secret is null
            ? $"Connections:{Connection.Vendor.SettingsName}:{Connection.Key.Connection}:{name}"
            : $"settings.{name} in the secret {_secret}";
}
