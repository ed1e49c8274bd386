using BackupFunctions.Problems;
using BackupFunctions.Web;
using BackupFunctions.Web.Api;

namespace BackupFunctions.LocalHost.Api;

/// <summary>Answers a request, whose route values name the vendor and the connection.</summary>
internal delegate Task<IResult> Answer(HttpRequest request, CancellationToken cancellationToken);

/// <summary>Maps operations, and describes them with metadata that the OpenAPI document is generated from.</summary>
internal static class OperationMapping
{
    private const string OptionalConnection = "/{connection?}";

    /// <summary>
    /// Maps an endpoint for each method and each form of the route: in OpenAPI no path parameter is optional, and each
    /// combination has an operation id of its own.
    /// </summary>
    public static RouteGroupBuilder MapOperation(
        this IEndpointRouteBuilder api,
        string name,
        string route,
        Answer answer,
        params IReadOnlyList<string> methods
    )
    {
        // The handlers write their own replies; a RequestDelegate needs no reflection at the start.
        RequestDelegate run = async context =>
        {
            var result = await answer(context.Request, context.RequestAborted);
            await result.ExecuteAsync(context);
        };
        var operation = api.MapGroup("");
        foreach (var method in methods)
        {
            var suffix = method == methods[0] ? "" : $"By{method[0]}{method[1..].ToLowerInvariant()}";
            if (route.EndsWith(OptionalConnection, StringComparison.Ordinal))
            {
                var unnamed = route[..^OptionalConnection.Length];
                Map(unnamed, $"{name}OfDefault{suffix}");
                Map($"{unnamed}/{{connection}}", name + suffix);
            }
            else
            {
                Map(route, name + suffix);
            }

            // The generator skips endpoints without a MethodInfo, which a RequestDelegate does not add.
            void Map(string path, string id) =>
                operation.MapMethods(path, [method], run).WithName(id).WithMetadata(answer.Method);
        }

        return operation;
    }

    public static RouteGroupBuilder Takes(
        this RouteGroupBuilder operation,
        params IReadOnlyList<OperationParameter> query
    ) => operation.WithMetadata([.. query]);

    public static RouteGroupBuilder Returns<TBody>(
        this RouteGroupBuilder operation,
        string description,
        int status = StatusCodes.Status200OK,
        string mediaType = "application/json"
    ) =>
        operation.WithMetadata(
            new ProducesResponseTypeMetadata(status, typeof(TBody), [mediaType]) { Description = description }
        );

    public static RouteGroupBuilder ReturnsProblems(
        this RouteGroupBuilder operation,
        params IEnumerable<ProblemType> problems
    )
    {
        foreach (var ofStatus in problems.GroupBy(problem => problem.Status).OrderBy(group => group.Key))
        {
            var names = ofStatus.Select(problem => problem.Name).Distinct().Order(StringComparer.Ordinal);
            operation.WithMetadata(
                new ProducesResponseTypeMetadata(ofStatus.Key, typeof(ProblemBody), [Reply.ProblemMediaType])
                {
                    Description = $"{Advice(ofStatus.Key)} Problems: {string.Join(", ", names)}.",
                }
            );
        }

        return operation;
    }

    private static string Advice(int status) =>
        status switch
        {
            400 or 404 => "Fix the request or the name.",
            401 => "Send a valid key, or sign in where app roles are required. A missing or invalid key gets no body.",
            403 => "Ask for an app role. Only where app roles are required.",
            424 => "Do not retry: an operator must act. The detail says how.",
            500 => "This service has a fault.",
            503 => "Retry after the time in Retry-After.",
            _ => throw new InvalidOperationException($"Status {status} has no advice. Add it here."),
        };
}
