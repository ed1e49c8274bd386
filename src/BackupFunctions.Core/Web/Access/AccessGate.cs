using BackupFunctions.Problems;
using BackupFunctions.Settings;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web.Access;

/// <summary>
/// Identifies the caller of a request and, with <c>Access:RequireAppRoles</c>, checks their roles. Every request
/// passes it, except those for health, the API document and the empty status page.
/// </summary>
/// <param name="platform">What stands between callers and this process.</param>
/// <param name="requiresRoles">Whether callers need app roles.</param>
public sealed class AccessGate(HostingPlatform platform, bool requiresRoles)
{
    /// <summary>Decides on a request: 401 for an unknown caller, 403 for one without the role.</summary>
    public AccessDecision Decide(HttpRequest request, Permission permission)
    {
        var anonymous = platform.IsLocal ? Caller.Local : Caller.Key;
        if (!platform.AuthenticatesCallers)
        {
            return CheckRoles(anonymous, permission);
        }

        if (request.Headers.TryGetValue(PrincipalHeader.Name, out var values))
        {
            return PrincipalHeader.Read(values) is { } principal
                ? CheckRoles(principal, permission)
                : AccessDecision.Refused(
                    anonymous,
                    ProblemType.Unauthenticated,
                    $"{PrincipalHeader.Name} does not name exactly one Entra ID principal."
                );
        }

        if (requiresRoles)
        {
            return AccessDecision.Refused(
                anonymous,
                ProblemType.Unauthenticated,
                "This app requires Entra ID: send a bearer token for it "
                    + "from a managed identity, an app registration or a user."
            );
        }

        return AccessDecision.Admitted(anonymous);
    }

    private AccessDecision CheckRoles(Caller caller, Permission permission)
    {
        if (!requiresRoles || permission.IsGrantedTo(caller))
        {
            return AccessDecision.Admitted(caller);
        }

        return AccessDecision.Refused(
            caller,
            ProblemType.Forbidden,
            $"The caller needs the app role {permission.Roles}. An administrator of this app in Entra ID can assign "
                + "it; tokens issued before that do not include it."
        );
    }
}
