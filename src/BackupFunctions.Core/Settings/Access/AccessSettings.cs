using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Access;

/// <summary>
/// Reads <c>Access:…</c>, and refuses what would leave a door open: app roles where the header that they come in could
/// be forged, and functions without keys where no role is required.
/// </summary>
internal static class AccessSettings
{
    public static readonly string[] Known = ["RequireAppRoles", "FunctionKeys", "ClientId"];

    private const string RolesKey = "Access:RequireAppRoles";
    private const string KeysKey = "Access:FunctionKeys";
    private const string ClientKey = "Access:ClientId";

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

    /// <summary>How callers are admitted.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="platform">What stands before this process.</param>
    /// <param name="findings">What is wrong, in whole sentences.</param>
    /// <returns>The stricter admission for what cannot be read: such an app does not start.</returns>
    public static AccessOptions Read(
        IConfiguration configuration,
        HostingPlatform platform,
        List<SettingFinding> findings
    )
    {
        var before = findings.Count;
        var requiresRoles = findings.Switch(configuration, RolesKey, byDefault: false) ?? true;
        var hasKeys = findings.Switch(configuration, KeysKey, byDefault: true) ?? true;
        if (findings.Count == before)
        {
            FindOpenDoors(platform, requiresRoles, hasKeys, findings);
        }

        return new AccessOptions(Needed(platform, requiresRoles, hasKeys), ReadClientId(configuration, findings));
    }

    private static Admission Needed(HostingPlatform platform, bool requiresRoles, bool hasKeys)
    {
        if (requiresRoles)
        {
            return hasKeys ? Admission.KeysAndAppRoles : Admission.AppRoles;
        }

        return platform.IsLocal ? Admission.Everyone : Admission.Keys;
    }

    private static void FindOpenDoors(
        HostingPlatform platform,
        bool requiresRoles,
        bool hasKeys,
        List<SettingFinding> findings
    )
    {
        if (requiresRoles && platform.IsLocal)
        {
            findings.Add(
                RolesKey,
                "is true, but nobody signs in to LocalHost, "
                    + "so that anybody could forge the header that names the caller.",
                "Leave it out here."
            );
        }
        else if (requiresRoles && !platform.AuthenticatesCallers)
        {
            findings.Add(
                RolesKey,
                $"is true, but App Service authentication is off ({HostingPlatform.AuthenticationVariable} "
                    + "is not True), so that anybody could forge the header that names the caller.",
                "Turn it on first: docs/access.md."
            );
        }

        if (!hasKeys && platform.IsLocal)
        {
            findings.Add(KeysKey, "is false, but LocalHost has no function keys.", "Leave it out here.");
        }
        else if (!hasKeys && !requiresRoles)
        {
            findings.Add(
                KeysKey,
                $"is false, but {RolesKey} is not true: anyone on the internet would get tokens.",
                $"Set {RolesKey} to true (docs/access.md), or leave {KeysKey} out."
            );
        }
    }

    /// <summary>The client id only names the audience in challenges, so nothing is open without it.</summary>
    private static string? ReadClientId(IConfiguration configuration, List<SettingFinding> findings)
    {
        var text = configuration[ClientKey]?.Trim() ?? "";
        if (text.Length == 0)
        {
            return null;
        }

        if (!Guid.TryParseExact(text, "D", out var id))
        {
            findings.Add(
                ClientKey,
                "is not the client id of an app registration.",
                "Give its application (client) id, for example 11111111-2222-3333-4444-555555555555."
            );
            return null;
        }

        return id.ToString();
    }
}
