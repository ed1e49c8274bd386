using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Returns tokens for Veeam Backup for Microsoft Azure. It has its own function key.</summary>
public sealed class GetVeeamToken(TokenHandlers handlers)
{
    [Function(nameof(GetVeeamToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/veeam/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "veeam", request.Connection(), cancellationToken);
}
