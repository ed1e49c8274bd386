using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Returns tokens for Acronis Cyber Protect Cloud. It has its own function key.</summary>
public sealed class GetAcronisToken(TokenHandlers handlers)
{
    [Function(nameof(GetAcronisToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/acronis/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "acronis", request.Connection(), cancellationToken);
}
