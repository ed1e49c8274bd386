using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>
/// Signs a Veeam account in with a one-time code that a person gives, with a function key of its own. Connections of other vendors
/// are told that they need none.
/// </summary>
public sealed class EnrollVeeam(OperatorHandlers handlers)
{
    [Function(nameof(EnrollVeeam))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Enroll/{vendor}/{connection?}")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.EnrolAsync(request, request.Vendor(), request.Connection(), cancellationToken);
}
