using BackupFunctions.Web.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Serves the OpenAPI document, without a key because it is the same for every caller.</summary>
public sealed class OpenApi
{
    [Function(nameof(OpenApi))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Task.FromResult<IResult>(ApiDocumentReply.Instance);
}
