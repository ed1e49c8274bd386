using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Returns tokens for AvePoint. It has its own function key.</summary>
public sealed class GetAvePointToken(TokenHandlers handlers)
{
    [Function(nameof(GetAvePointToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/avepoint/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "avepoint", request.Connection(), cancellationToken);
}
