using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Hands out tokens for backup.net, with a function key of its own.</summary>
public sealed class GetBackupNetToken(TokenHandlers handlers)
{
    [Function(nameof(GetBackupNetToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/backupnet/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "backupnet", request.Connection(), cancellationToken);
}
