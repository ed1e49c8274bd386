using BackupFunctions.Web.Access;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>What stands between callers and this process.</summary>
/// <param name="Unnamed">Who a caller is that no principal is known of.</param>
/// <param name="AuthenticatesCallers">
/// Whether App Service authentication is on: then the platform takes <see cref="PrincipalHeader.Name"/> out of what callers send, and
/// puts in its own. Elsewhere anybody could have written that header.
/// </param>
public sealed record HostingPlatform(Caller Unnamed, bool AuthenticatesCallers)
{
    /// <summary>The environment variable that App Service sets where its authentication is on.</summary>
    public const string AuthenticationVariable = "WEBSITE_AUTH_ENABLED";

    /// <summary>LocalHost: one person's machine, and nobody signs in to it.</summary>
    public static HostingPlatform Local { get; } = new(Caller.Local, AuthenticatesCallers: false);

    /// <summary>Azure Functions, which checks keys, and principals too where its authentication is on.</summary>
    /// <param name="configuration">The environment.</param>
    public static HostingPlatform OfAppService(IConfiguration configuration) =>
        new(Caller.Key, bool.TryParse(configuration[AuthenticationVariable], out var isOn) && isOn);
}
