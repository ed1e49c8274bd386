using BackupFunctions.Problems;
using BackupFunctions.Settings;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web.Access;

/// <summary>
/// Identifies the caller of a request and, where app roles are required, checks their roles. Every request passes it,
/// except those for health, the API document and the empty status page.
/// </summary>
/// <param name="platform">What stands between callers and this process.</param>
/// <param name="access">How callers are admitted.</param>
public sealed class AccessGate(HostingPlatform platform, AccessOptions access)
{
    private readonly Caller _unnamed = access.Admission switch
    {
        Admission.Everyone => Caller.Local,
        Admission.AppRoles => Caller.Anonymous,
        _ => Caller.Key,
    };

    /// <summary>
    /// The challenge of a 401 (RFC 6750 section 3). It names the audience, as Key Vault's does, so that clients need
    /// no further setting.
    /// </summary>
    public string Challenge { get; } =
        access.Audience is { } audience ? $"Bearer resource_id=\"{audience}\"" : "Bearer";

    /// <summary>Decides on a request: 401 for an unknown caller, 403 for one without the role.</summary>
    public AccessDecision Decide(HttpRequest request, Permission permission)
    {
        if (!platform.AuthenticatesCallers)
        {
            return CheckRoles(_unnamed, permission);
        }

        if (request.Headers.TryGetValue(PrincipalHeader.Name, out var values))
        {
            return Decide(request, PrincipalHeader.Read(values), permission);
        }

        if (access.RequiresAppRoles)
        {
            return Unauthenticated(
                $"This app requires Entra ID: send a bearer token for {access.Audience ?? "it"} "
                    + "from a managed identity, an app registration or a user."
            );
        }

        return AccessDecision.Admitted(_unnamed);
    }

    private AccessDecision Decide(HttpRequest request, Caller? principal, Permission permission)
    {
        if (principal is null)
        {
            return Unauthenticated($"{PrincipalHeader.Name} does not name exactly one Entra ID principal.");
        }

        if (access.Admission == Admission.AppRoles && IsFromAnotherSite(request))
        {
            return AccessDecision.Refused(
                principal,
                ProblemType.Forbidden,
                "A page of another site sent this request with the cookie of whoever is signed in here. "
                    + "Send a bearer token instead."
            );
        }

        return CheckRoles(principal, permission);
    }

    /// <summary>
    /// Whether a browser sent the request from another site's page, and only its cookie names the caller
    /// (cross-site request forgery; W3C Fetch Metadata). Where there are keys, no other site has one.
    /// </summary>
    private static bool IsFromAnotherSite(HttpRequest request) =>
        request.Headers.Authorization.Count == 0
        && request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site
        && site is not ["same-origin" or "none"];

    private AccessDecision Unauthenticated(string detail) =>
        AccessDecision.Refused(_unnamed, ProblemType.Unauthenticated, detail);

    private AccessDecision CheckRoles(Caller caller, Permission permission)
    {
        if (!access.RequiresAppRoles || permission.IsGrantedTo(caller))
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
