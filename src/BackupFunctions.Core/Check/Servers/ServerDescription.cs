using BackupFunctions.Connections;

namespace BackupFunctions.Check.Servers;

/// <summary>A server in the words of findings.</summary>
/// <param name="server">The server.</param>
/// <param name="target">A connection that signs in there.</param>
/// <param name="connections">How many do.</param>
internal sealed class ServerDescription(SignInServer server, Connection target, int connections)
{
    public SignInServer Server { get; } = server;

    /// <summary>A connection that signs in there.</summary>
    public Connection Connection => target;

    /// <summary>The connection; the server's name where several share it.</summary>
    public string Subject => connections == 1 ? target.Key.ToString() : $"{target.Vendor.Name} at {Name}";

    /// <summary>The host, with its port where that is not the usual one.</summary>
    public string Name => Server.Address.Authority;

    /// <summary>Where its address stands.</summary>
    public string Setting => SettingOf(Server.Setting);

    /// <summary>Where its pin stands, or would; null where it cannot be pinned.</summary>
    public string? PinSetting => Server.PinSetting is null ? null : SettingOf(Server.PinSetting);

    public Remedy NetworkRemedy =>
        new(
            $"Check {Setting}, that the server runs, and that firewalls let this host out to port {Server.Address.Port}."
        );

    /// <summary>The pin as a line of settings; null where it stands, or would, in a secret, or cannot be set.</summary>
    public string? PinLine(string sha256) =>
        IsInSecret || PinSetting is null ? null : $"{PinSetting.Replace(":", "__", StringComparison.Ordinal)}={sha256}";

    private bool IsInSecret => target.Credentials.Any(credential => credential.Member is not null);

    private string SettingOf(string name)
    {
        var key = target.Key.Connection;
        return target.Credentials.FirstOrDefault(credential => credential.Member is not null) is { } defining
            ? $"settings.{name} in the secret {defining.Name}"
            : $"Connections:{target.Vendor.SettingsName}:{key}:{name}";
    }
}
