using System.Text.Json.Nodes;
using BackupFunctions.Problems;
using BackupFunctions.Web;
using BackupFunctions.Web.Api;

namespace BackupFunctions.LocalHost.Api;

/// <summary>The operations on all connections, and on the service.</summary>
internal static class StatusRoutes
{
    private static readonly ProblemType[] ReaderProblems =
    [
        ProblemType.Unauthenticated,
        ProblemType.Forbidden,
        ProblemType.InternalError,
    ];

    private static readonly ProblemType[] ChoiceProblems =
    [
        ProblemType.InvalidParameter,
        ProblemType.UnknownVendor,
        .. ReaderProblems,
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapOperation("ListConnections", "connections", ConnectionsAsync, "GET")
            .WithSummary("List the connections")
            .WithDescription("Names only.")
            .Takes(new OperationParameter("vendor", "Only this vendor's connections."))
            .Returns<ConnectionsBody>("The names.")
            .ReturnsProblems(ChoiceProblems);

        api.MapOperation("GetStatus", "status", StatusAsync, "GET")
            .WithSummary("See how every connection is")
            .WithDescription(
                "State, expiry, the last success and the last failure in words of every connection; never a token."
            )
            .Returns<StatusBody>("How every connection is.")
            .ReturnsProblems(ReaderProblems);

        api.MapOperation("GetStatusPage", "status/page", StatusPageAsync, "GET")
            .AllowAnonymous()
            .WithSummary("The status as a page for people")
            .WithDescription("Holds no data: it asks its reader for the key of the status.")
            .Returns<string>("The page.", mediaType: "text/html");

        api.MapOperation("GetHealth", "health", HealthAsync, "GET")
            .AllowAnonymous()
            .WithSummary("Ask whether the service is alive")
            .WithDescription("Names nothing, and asks neither a vendor nor the vault.")
            .Returns<HealthBody>("It serves.")
            .Returns<HealthBody>("It is stopping.", StatusCodes.Status503ServiceUnavailable);

        api.MapOperation("Check", "Check", CheckAsync, "POST")
            .WithSummary("Find out what is wrong")
            .WithDescription(
                "Goes through settings, vaults, credentials, sign-in servers and clocks, and signs in. For operators."
            )
            .Takes(CheckHandlers.Parameters)
            .Returns<CheckBody>("What was found, be it good or bad.")
            .ReturnsProblems(ChoiceProblems);

        api.MapOperation("GetOpenApi", "openapi.json", DocumentAsync, "GET")
            .AllowAnonymous()
            .WithSummary("This document")
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

    private static Task<IResult> DocumentAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult<IResult>(ApiDocumentReply.Instance);

    private static T Service<T>(HttpRequest request)
        where T : notnull => request.HttpContext.RequestServices.GetRequiredService<T>();
}
