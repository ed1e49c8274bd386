using System.Text.Json.Nodes;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;
using BackupFunctions.Web;
using BackupFunctions.Web.Alerts;
using BackupFunctions.Web.Api;

namespace BackupFunctions.LocalHost.Api;

/// <summary>The operations on all connections and on the service itself.</summary>
internal static class StatusRoutes
{
    private static readonly ProblemType[] ReaderProblems =
    [
        ProblemType.InvalidParameter,
        ProblemType.Unauthenticated,
        ProblemType.Forbidden,
        ProblemType.InternalError,
    ];

    private static readonly ProblemType[] ChoiceProblems = [ProblemType.UnknownVendor, .. ReaderProblems];

    private static readonly ProblemType[] VaultProblems =
    [
        ProblemType.Of(FailureKind.CredentialMissing),
        ProblemType.Of(FailureKind.VaultAccessDenied),
        ProblemType.Of(FailureKind.VaultUnavailable),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapOperation("ListConnections", "connections", ConnectionsAsync, "GET")
            .WithSummary("List the connections")
            .WithDescription("Returns names only.")
            .Takes(StatusHandlers.ListParameters)
            .Returns<ConnectionsBody>("The names.")
            .ReturnsProblems(ChoiceProblems);

        api.MapOperation("GetStatus", "status", StatusAsync, "GET")
            .WithSummary("Get the status of every connection")
            .WithDescription(
                "Returns the state, expiry, last success and last failure of every connection; never a token."
            )
            .Takes(StatusHandlers.StatusParameters)
            .Returns<StatusBody>("The status of every connection.")
            .ReturnsProblems(ReaderProblems);

        api.MapOperation("GetStatusPage", "status/page", StatusPageAsync, "GET")
            .AllowAnonymous()
            .WithSummary("Get the status page")
            .WithDescription("Contains no data: the page asks its reader for the key of GetStatus.")
            .Returns<string>("The page.", mediaType: "text/html");

        api.MapOperation("GetHealth", "health", HealthAsync, "GET")
            .AllowAnonymous()
            .WithSummary("Check that the service is running")
            .WithDescription("Names no connection, and calls neither a vendor nor the vault.")
            .Returns<HealthBody>("The service is running.")
            .Returns<HealthBody>("The service is stopping.", StatusCodes.Status503ServiceUnavailable);

        api.MapOperation("Check", "Check", CheckAsync, "POST")
            .WithSummary("Find out what is wrong")
            .WithDescription(
                "Checks settings, vaults, credentials, sign-in servers and clocks, and signs in. For operators."
            )
            .Takes(CheckHandlers.Parameters)
            .Returns<CheckBody>("The findings, good or bad.")
            .ReturnsProblems(ChoiceProblems);

        api.MapOperation("TestAlert", "Alerts/Test", TestAlertAsync, "POST")
            .WithSummary("Try the alert webhook")
            .WithDescription(
                "Posts a test message to the webhook and returns how the receiver answered. For operators."
            )
            .Returns<AlertTestBody>("The receiver took the message.")
            .ReturnsProblems([
                .. ReaderProblems,
                ProblemType.AlertsNotConfigured,
                ProblemType.AlertNotDelivered,
                .. VaultProblems,
            ]);

        api.MapOperation("GetOpenApi", "openapi.json", DocumentAsync, "GET")
            .AllowAnonymous()
            .WithSummary("Get this document")
            .Returns<JsonObject>("An OpenAPI document.");
    }

    private static Task<IResult> ConnectionsAsync(HttpRequest request, CancellationToken cancellation) =>
        Service<StatusHandlers>(request).ConnectionsAsync(request, cancellation);

    private static Task<IResult> StatusAsync(HttpRequest request, CancellationToken cancellation) =>
        Service<StatusHandlers>(request).StatusAsync(request, cancellation);

    private static Task<IResult> StatusPageAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult<IResult>(StatusPageReply.Instance);

    private static Task<IResult> HealthAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult(Service<StatusHandlers>(request).Health());

    private static Task<IResult> CheckAsync(HttpRequest request, CancellationToken cancellation) =>
        Service<CheckHandlers>(request).CheckAsync(request, cancellation);

    private static Task<IResult> TestAlertAsync(HttpRequest request, CancellationToken cancellation) =>
        Service<AlertHandlers>(request).TestAsync(request, cancellation);

    private static Task<IResult> DocumentAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult<IResult>(ApiDocumentReply.Instance);

    private static T Service<T>(HttpRequest request)
        where T : notnull => request.HttpContext.RequestServices.GetRequiredService<T>();
}
