using BackupFunctions.Problems;
using BackupFunctions.Settings;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web.Access;

/// <summary>
/// What every request goes through, but those for the health and for the page that holds no data: it says who the caller is, and
/// with <c>Access:RequireAppRoles</c> whether they may.
/// </summary>
/// <param name="platform">What stands before this process.</param>
/// <param name="requiresRoles">Whether callers need app roles.</param>
/// <param name="audit">Who was refused is put on record.</param>
public sealed class AccessGate(HostingPlatform platform, bool requiresRoles, AuditTrail audit)
{
    /// <summary>Lets a request in, or answers with a problem: 401 for a caller that is not known, 403 for one without the role.</summary>
    /// <param name="request">The request, for its principal.</param>
    /// <param name="needed">What it needs.</param>
    /// <param name="handle">Answers the request of that caller.</param>
    public Task<IResult> AdmitAsync(HttpRequest request, Permission needed, Func<Caller, Task<IResult>> handle)
    {
        var hasHeader = request.Headers.TryGetValue(PrincipalHeader.Name, out var values);
        var principal = platform.AuthenticatesCallers && hasHeader ? PrincipalHeader.Read(values) : null;
        if (principal is null && platform.AuthenticatesCallers && (hasHeader || requiresRoles))
        {
            return Refuse(
                request,
                platform.Unnamed,
                needed,
                ProblemType.Unauthenticated,
                hasHeader
                    ? $"The platform names no principal of Entra ID in {PrincipalHeader.Name}, or more than one."
                    : "This app takes callers that Entra ID knows: send a bearer token for it, from a managed identity, an app registration or a user."
            );
        }

        var caller = principal ?? platform.Unnamed;
        return requiresRoles && !needed.IsGrantedTo(caller)
            ? Refuse(
                request,
                caller,
                needed,
                ProblemType.Forbidden,
                $"The caller needs the app role {needed.Roles}. Whoever administers this app in Entra ID can assign it; a token from before that does not have it yet."
            )
            : handle(caller);
    }

    private Task<IResult> Refuse(HttpRequest request, Caller caller, Permission needed, ProblemType why, string detail)
    {
        audit.Refused(caller, request.Path, needed, why.Name);
        return Task.FromResult<IResult>(Reply.OfProblem(why, detail, vendor: null, connection: null));
    }
}
