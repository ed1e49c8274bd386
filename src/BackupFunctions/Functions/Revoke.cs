using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Signs a connection out, here and, if possible, at the vendor. It has its own function key.</summary>
public sealed class Revoke(OperatorHandlers handlers)
{
    [Function(nameof(Revoke))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Revoke/{vendor}/{connection}")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.RevokeAsync(request, request.Vendor(), request.Connection(), cancellationToken);
}
