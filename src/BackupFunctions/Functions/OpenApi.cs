using BackupFunctions.Web.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>The OpenAPI document of this app; for anybody, because it is the same for all.</summary>
public sealed class OpenApi
{
    [Function(nameof(OpenApi))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Task.FromResult<IResult>(ApiDocumentReply.Instance);
}
