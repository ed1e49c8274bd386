using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>Handles the requests that <see cref="AccessGate"/> admits; refuses and audits the others.</summary>
public sealed class RequestAdmission(AccessGate gate, AuditTrail audit)
{
    /// <summary>Runs the handler for an admitted caller, or replies with the problem.</summary>
    public Task<IResult> AdmitAsync(HttpRequest request, Permission permission, Func<Caller, Task<IResult>> handle)
    {
        var decision = gate.Decide(request, permission);
        if (decision.Refusal is not { } refusal)
        {
            return handle(decision.Caller);
        }

        audit.Refused(decision.Caller, request.Path, permission, refusal.Name);
        return Task.FromResult<IResult>(Reply.OfProblem(refusal, decision.Detail));
    }
}
