using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>
/// Signs in a Veeam account with a one-time code that a person enters; refuses connections of other vendors. It has its
/// own function key.
/// </summary>
public sealed class EnrollVeeam(OperatorHandlers handlers)
{
    [Function(nameof(EnrollVeeam))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Enroll/{vendor}/{connection?}")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.EnrolAsync(request, request.Vendor(), request.Connection(), cancellationToken);
}
