using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>What stands between callers and this process.</summary>
/// <param name="IsLocal">Whether this is LocalHost: one person's machine, without keys or sign-in.</param>
/// <param name="AuthenticatesCallers">
/// Whether App Service authentication is on. The platform then replaces the header that names the caller; elsewhere
/// anyone could have written it.
/// </param>
public sealed record HostingPlatform(bool IsLocal, bool AuthenticatesCallers)
{
    /// <summary>The environment variable that App Service sets when its authentication is on.</summary>
    public const string AuthenticationVariable = "WEBSITE_AUTH_ENABLED";

    /// <summary>LocalHost.</summary>
    public static HostingPlatform Local { get; } = new(IsLocal: true, AuthenticatesCallers: false);

    /// <summary>
    /// Azure Functions: it checks function keys, and principals when App Service authentication is on.
    /// </summary>
    public static HostingPlatform OfAppService(IConfiguration configuration) =>
        new(IsLocal: false, bool.TryParse(configuration[AuthenticationVariable], out var isOn) && isOn);
}
