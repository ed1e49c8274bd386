using BackupFunctions.Web.Alerts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BackupFunctions.Functions;

/// <summary>Posts a test message to the alert webhook. For operators; it has its own function key.</summary>
public sealed class TestAlert(AlertHandlers handlers)
{
    [Function(nameof(TestAlert))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "Alerts/Test")] HttpRequest request,
        CancellationToken cancellationToken
    ) => handlers.TestAsync(request, cancellationToken);
}
