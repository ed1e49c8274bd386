using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Returns tokens for backup.net. It has its own function key.</summary>
public sealed class GetBackupNetToken(TokenHandlers handlers)
{
    [Function(nameof(GetBackupNetToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "GetToken/backupnet/{connection?}")]
            HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.GetTokenAsync(request, "backupnet", request.Connection(), cancellationToken);
}
