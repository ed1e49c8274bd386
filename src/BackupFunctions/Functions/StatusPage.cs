using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>The status page. Anonymous, because it holds no data: the page asks for the key of <c>Status</c>.</summary>
public sealed class StatusPage
{
    [Function(nameof(StatusPage))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "status/page")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Task.FromResult<IResult>(StatusPageReply.Instance);
}
