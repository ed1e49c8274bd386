using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>
/// The connector's action CallApi, which no route of the app is: the connector's code (script.csx) turns it into a call
/// of /api/Call. Without that code it calls a route that is not there, and no vendor.
/// </summary>
internal static class ConnectorCall
{
    public const string Id = "CallApi";
    public const string Path = "/api/CallApi/{vendor}/{connection}";

    /// <summary>Of the parts of a call: each a field of the action's body.</summary>
    private static readonly (string Name, OpenApiSchema Schema)[] Parts =
    [
        (
            "method",
            Text(
                "Method",
                "What the vendor's API shall do.",
                isAdvanced: false,
                initial: "GET",
                "GET HEAD POST PUT PATCH DELETE"
            )
        ),
        ("path", Text("Path", "The path at the vendor, for example /v1/customers.", isAdvanced: false)),
        ("query", Pairs("Query", "Names and values; they are encoded for you.")),
        ("headers", Pairs("Headers", "What this call needs beside the token and the connection's own headers.")),
        ("body", Text("Body", "JSON, or other text with its own Content-Type in Headers.", isAdvanced: true)),
    ];

    /// <summary>Adds it, with the parameters vendor and connection of another operation.</summary>
    public static void Add(OpenApiDocument document, IEnumerable<IOpenApiParameter> parameters)
    {
        var operation = new OpenApiOperation
        {
            OperationId = Id,
            Summary = "Call the vendor's API",
            Description =
                "Calls the vendor's API with a token that works. The token never reaches the flow. X-Answered-By tells "
                + "whether the vendor answered or BackupFunctions, whose answers are problem documents.",
            Parameters = [.. parameters],
            RequestBody = Body(),
            Responses = new OpenApiResponses
            {
                ["200"] = Response("The vendor's reply, as it is."),
                ["default"] = Response("Another status of the vendor, or a problem of BackupFunctions."),
            },
            Tags = new HashSet<OpenApiTagReference>(),
        };
        var path = new OpenApiPathItem();
        path.AddOperation(HttpMethod.Post, operation);
        document.Paths.Add(Path, path);
    }

    private static OpenApiRequestBody Body()
    {
        var body = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "method", "path" },
                        Properties = Parts.ToDictionary(part => part.Name, part => (IOpenApiSchema)part.Schema),
                    },
                },
            },
        };
        body.AddExtension("x-bodyName", new JsonNodeExtension("call"));
        return body;
    }

    private static OpenApiResponse Response(string description) =>
        new()
        {
            Description = description,
            Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["X-Answered-By"] = new OpenApiHeader
                {
                    Description = "Who answered: vendor or backupfunctions.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchema() },
            },
        };

    private static OpenApiSchema Text(
        string title,
        string description,
        bool isAdvanced,
        string? initial = null,
        string? values = null
    ) =>
        Titled(
            title,
            isAdvanced,
            new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = description,
                Default = initial is null ? null : JsonValue.Create(initial),
                Enum = values is null ? null : [.. values.Split(' ').Select(value => (JsonNode)value)],
            }
        );

    private static OpenApiSchema Pairs(string title, string description) =>
        Titled(
            title,
            isAdvanced: true,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = description,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
            }
        );

    private static OpenApiSchema Titled(string title, bool isAdvanced, OpenApiSchema schema)
    {
        schema.AddExtension("x-ms-summary", new JsonNodeExtension(title));
        if (isAdvanced)
            schema.AddExtension("x-ms-visibility", new JsonNodeExtension("advanced"));
        return schema;
    }
}
