using BackupFunctions.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Web.Api;

/// <summary>The operations on all connections.</summary>
public static class StatusOperations
{
    private static readonly ProblemType[] OfReaders =
    [
        ProblemType.Unauthenticated,
        ProblemType.Forbidden,
        ProblemType.InternalError,
    ];

    /// <summary>Lists the connections by name.</summary>
    public static Operation Connections { get; } =
        new()
        {
            Name = "ListConnections",
            Route = "connections",
            Summary = "List the connections",
            Description = "Names only.",
            Query = [new OperationParameter("vendor", "Vendor", "Only this vendor's connections.") { IsVendor = true }],
            Replies = [new(200, "The names.", "application/json", StatusJson.Default.ConnectionsBody)],
            Problems = [ProblemType.InvalidParameter, ProblemType.UnknownVendor, .. OfReaders],
            AnswerAsync = (request, cancellation) => Handlers(request).ConnectionsAsync(request, cancellation),
        };

    /// <summary>Tells how every connection is.</summary>
    public static Operation Status { get; } =
        new()
        {
            Name = "GetStatus",
            Route = "status",
            Summary = "See how every connection is",
            Description =
                "State, expiry, the last success and the last failure in words of every connection; never a token.",
            Replies = [new(200, "How every connection is.", "application/json", StatusJson.Default.StatusBody)],
            Problems = OfReaders,
            AnswerAsync = (request, cancellation) => Handlers(request).StatusAsync(request, cancellation),
        };

    /// <summary>The page.</summary>
    public static Operation StatusPage { get; } =
        new()
        {
            Name = "GetStatusPage",
            Route = "status/page",
            Summary = "The status as a page for people",
            Description = "Holds no data: it asks its reader for the key of the status.",
            IsOpen = true,
            Replies = [new(200, "The page.", "text/html", Body: null)],
            AnswerAsync = (_, _) => Task.FromResult<IResult>(StatusPageReply.Instance),
        };

    /// <summary>Whether the service is alive.</summary>
    public static Operation Health { get; } =
        new()
        {
            Name = "GetHealth",
            Route = "health",
            Summary = "Ask whether the service is alive",
            Description = "Names nothing, and asks neither a vendor nor the vault.",
            IsOpen = true,
            Replies =
            [
                new(200, "It serves.", "application/json", StatusJson.Default.HealthBody),
                new(503, "It is stopping.", "application/json", StatusJson.Default.HealthBody),
            ],
            AnswerAsync = (request, _) => Task.FromResult(Handlers(request).Health()),
        };

    /// <summary>Looks for what is wrong.</summary>
    public static Operation Check { get; } =
        new()
        {
            Name = "Check",
            Route = "Check",
            Methods = [HttpMethods.Post],
            Summary = "Find out what is wrong",
            Description =
                "Goes through settings, vaults, credentials, sign-in servers and clocks, and signs in. For operators.",
            Query = CheckHandlers.Parameters,
            Replies = [new(200, "What was found, be it good or bad.", "application/json", CheckJson.Shape)],
            Problems = [ProblemType.InvalidParameter, ProblemType.UnknownVendor, .. OfReaders],
            AnswerAsync = (request, cancellation) =>
                request
                    .HttpContext.RequestServices.GetRequiredService<CheckHandlers>()
                    .CheckAsync(request, cancellation),
        };

    /// <summary>The document of all this.</summary>
    public static Operation Document { get; } =
        new()
        {
            Name = "GetOpenApi",
            Route = "openapi.json",
            Summary = "This document",
            IsOpen = true,
            Replies = [new(200, "An OpenAPI document.", "application/json", Body: null)],
            AnswerAsync = (request, _) =>
                Task.FromResult<IResult>(request.HttpContext.RequestServices.GetRequiredService<ApiDocumentReply>()),
        };

    private static StatusHandlers Handlers(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<StatusHandlers>();
}
