using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads <c>Access:RequireAppRoles</c>, and refuses it where the header that roles come in could be forged.
/// </summary>
internal static class AccessSettings
{
    public static readonly string[] Known = ["RequireAppRoles"];

    private const string Key = "Access:RequireAppRoles";

    /// <summary>
    /// The settings of the section that this version does not know. They stop the start, unlike unknown settings of
    /// other sections: a door that somebody meant to close must not stay open.
    /// </summary>
    public static IEnumerable<SettingFinding> Unknown(IConfiguration configuration) =>
        configuration
            .GetSection("Access")
            .GetChildren()
            .Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => new SettingFinding(
                child.Path,
                "is not a setting.",
                $"The settings of Access are {string.Join(", ", Known)}."
            ));

    /// <summary>Whether callers need app roles.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="platform">What stands before this process.</param>
    /// <param name="findings">What is wrong, in whole sentences.</param>
    /// <returns>True as well for what cannot be read: it does not start, and would let nobody in if it did.</returns>
    public static bool RequireAppRoles(
        IConfiguration configuration,
        HostingPlatform platform,
        List<SettingFinding> findings
    )
    {
        var text = configuration[Key]?.Trim() ?? "";
        if (text.Length == 0 || (bool.TryParse(text, out var isRequired) && !isRequired))
        {
            return false;
        }

        if (!bool.TryParse(text, out _))
        {
            findings.Add(Key, "is neither true nor false.", "Give one of the two.");
        }
        else if (platform.IsLocal)
        {
            findings.Add(
                Key,
                "is true, but nobody signs in to LocalHost, "
                    + "so that anybody could forge the header that names the caller.",
                "Leave it out here."
            );
        }
        else if (!platform.AuthenticatesCallers)
        {
            findings.Add(
                Key,
                $"is true, but App Service authentication is off ({HostingPlatform.AuthenticationVariable} "
                    + "is not True), so that anybody could forge the header that names the caller.",
                "Turn it on first: docs/access.md."
            );
        }

        return true;
    }
}

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
