using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>
/// Returns tokens for every vendor without a function of its own, and for the others where the vendor's name is written
/// in another case: the host matches those routes by case. It answers unknown vendors too.
/// </summary>
public sealed class GetToken(TokenHandlers handlers)
{
    [Function(nameof(GetToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/{vendor}/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, request.Vendor(), request.Connection(), cancellationToken);
}
