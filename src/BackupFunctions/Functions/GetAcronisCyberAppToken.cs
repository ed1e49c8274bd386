using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Returns tokens for the Acronis CyberApp API. It has its own function key.</summary>
public sealed class GetAcronisCyberAppToken(TokenHandlers handlers)
{
    [Function(nameof(GetAcronisCyberAppToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/acronis-cyberapp/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "acronis-cyberapp", request.Connection(), cancellationToken);
}
