using BackupFunctions.Web.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>The OpenAPI document of this app. Anonymous, because it is the same for everyone.</summary>
public sealed class OpenApi(ApiDocumentReply document)
{
    [Function(nameof(OpenApi))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Task.FromResult<IResult>(document);
}
