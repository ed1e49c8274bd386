using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>
/// Renews a connection's token now, even while it backs off. For operators; it has its own function key.
/// </summary>
public sealed class RefreshNow(OperatorHandlers handlers)
{
    [Function(nameof(RefreshNow))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Refresh/{vendor}/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.RefreshAsync(request, request.Vendor(), request.Connection(), cancellationToken);
}
