using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Signs a connection out, at the vendor where it can and everywhere here; with a function key of its own.</summary>
public sealed class Revoke(OperatorHandlers handlers)
{
    [Function(nameof(Revoke))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Revoke/{vendor}/{connection}")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.RevokeAsync(request, request.Vendor(), request.Connection(), cancellationToken);
}
