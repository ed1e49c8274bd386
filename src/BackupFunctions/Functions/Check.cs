using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>
/// Finds problems in settings, vaults, credentials and servers, with remedies. For operators; it has its own function
/// key.
/// </summary>
public sealed class Check(CheckHandlers handlers)
{
    [Function(nameof(Check))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Check")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.CheckAsync(request, cancellationToken);
}
