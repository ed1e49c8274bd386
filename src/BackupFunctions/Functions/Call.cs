using BackupFunctions.Web;
using BackupFunctions.Web.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>
/// Calls a vendor's API with a connection's token, which the caller never sees. It has its own function key.
/// </summary>
public sealed class Call(CallHandlers handlers)
{
    [Function(nameof(Call))]
    public Task<IResult> RunAsync(
        [HttpTrigger(
            AuthorizationLevel.Function,
            "get",
            "head",
            "post",
            "put",
            "patch",
            "delete",
            Route = "Call/{vendor}/{connection}/{*path}"
        )]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.CallAsync(request, request.Vendor(), request.Connection()!, cancellationToken);
}
