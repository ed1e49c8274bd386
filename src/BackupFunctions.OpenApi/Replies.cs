using System.Globalization;
using BackupFunctions.Problems;
using BackupFunctions.Web;
using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>What operations answer.</summary>
/// <param name="document">Where the shapes are kept.</param>
internal sealed class Replies(OpenApiDocument document)
{
    private readonly Schemas _schemas = new(document);

    public OpenApiResponses Of(Operation operation)
    {
        var responses = new OpenApiResponses();
        foreach (var replies in operation.Replies.GroupBy(reply => reply.Status))
        {
            responses.Add(
                Text(replies.Key),
                new OpenApiResponse
                {
                    Description = string.Join(" ", replies.Select(reply => reply.Description)),
                    Content = replies.ToDictionary(reply => reply.MediaType, OfReply),
                }
            );
        }

        foreach (var problems in operation.Problems.GroupBy(problem => problem.Status).OrderBy(group => group.Key))
        {
            responses.Add(Text(problems.Key), OfProblems(problems.Key, problems));
        }

        return responses;
    }

    private IOpenApiMediaType OfReply(OperationReply reply) =>
        new OpenApiMediaType
        {
            Schema = reply.Body is { } body
                ? _schemas.Of(body)
                : new OpenApiSchema
                {
                    Type = reply.MediaType == "application/json" ? JsonSchemaType.Object : JsonSchemaType.String,
                },
        };

    private OpenApiResponse OfProblems(int status, IEnumerable<ProblemType> problems) =>
        new()
        {
            Description =
                $"{Advice(status)} type ends in {string.Join(", ", problems.Select(problem => problem.Name).Distinct().Order(StringComparer.Ordinal))}.",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [Reply.ProblemMediaType] = new OpenApiMediaType { Schema = _schemas.Of(ReplyJson.Default.ProblemBody) },
            },
            Headers =
                status == 503
                    ? new Dictionary<string, IOpenApiHeader>
                    {
                        ["Retry-After"] = new OpenApiHeader
                        {
                            Description = "After how many seconds to ask again.",
                            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        },
                    }
                    : null,
        };

    private static string Advice(int status) =>
        status switch
        {
            400 or 404 => "Mend the call, or the name.",
            401 =>
                "Send a valid key, which the host asks for without a body; or sign in, where app roles are required.",
            403 => "Ask for an app role; only where these are required.",
            424 => "Do not retry: an operator must act, and detail says on what.",
            500 => "A fault of this service.",
            503 => "Ask again after Retry-After.",
            _ => throw new InvalidOperationException($"No advice for {status}: write one."),
        };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
