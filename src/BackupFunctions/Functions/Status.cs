using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Tells how every connection is, without a token; with a function key of its own.</summary>
public sealed class Status(StatusHandlers handlers)
{
    [Function(nameof(Status))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.StatusAsync(request, cancellationToken);
}
