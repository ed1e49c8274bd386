using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Returns the status of every connection, without tokens. It has its own function key.</summary>
public sealed class Status(StatusHandlers handlers)
{
    [Function(nameof(Status))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.StatusAsync(request, cancellationToken);
}
