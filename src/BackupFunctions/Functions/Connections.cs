using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Lists the connections by name. It has its own function key.</summary>
public sealed class Connections(StatusHandlers handlers)
{
    [Function(nameof(Connections))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.ConnectionsAsync(request, cancellationToken);
}
