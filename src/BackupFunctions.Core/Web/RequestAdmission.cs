using BackupFunctions.Problems;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Api;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>Handles the requests that <see cref="AccessGate"/> admits; refuses and audits the others.</summary>
public sealed class RequestAdmission(AccessGate gate, AuditTrail audit)
{
    /// <summary>
    /// Runs the handler for an admitted caller whose query is in order, or replies with the problem.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="permission">What the request needs.</param>
    /// <param name="parameters">The parameters of the operation's query; null if the query is not ours.</param>
    /// <param name="handle">The handler.</param>
    public Task<IResult> AdmitAsync(
        HttpRequest request,
        Permission permission,
        IReadOnlyList<OperationParameter>? parameters,
        Func<Caller, Task<IResult>> handle
    )
    {
        var decision = gate.Decide(request, permission);
        if (decision.Refusal is { } refusal)
        {
            audit.Refused(decision.Caller, request.Path, permission, refusal.Name);
            return Task.FromResult<IResult>(Reply.OfRefusal(refusal, decision.Detail, gate.Challenge));
        }

        // Most requests have no query.
        return
            parameters is not null
            && request.QueryString.HasValue
            && QueryRules.WhatIsWrong(request, parameters) is { } wrong
            ? Task.FromResult<IResult>(Reply.OfProblem(ProblemType.InvalidParameter, wrong))
            : handle(decision.Caller);
    }
}
