using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Says what is wrong with settings, vaults, credentials and servers, and what mends it; for operators, with a function key of its own.</summary>
public sealed class Check(CheckHandlers handlers)
{
    [Function(nameof(Check))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Check")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.CheckAsync(request, cancellationToken);
}
