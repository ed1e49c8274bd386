using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads <c>Access:RequireAppRoles</c>, and refuses it where the header that roles come in could be forged.
/// </summary>
internal static class AccessSettings
{
    public static readonly string[] Known = ["RequireAppRoles"];

    private const string Key = "Access:RequireAppRoles";

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
