using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Hands out tokens for AvePoint, with a function key of its own.</summary>
public sealed class GetAvePointToken(TokenHandlers handlers)
{
    [Function(nameof(GetAvePointToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/avepoint/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "avepoint", request.Connection(), cancellationToken);
}
