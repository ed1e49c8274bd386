using System.Text.Json.Nodes;
using BackupFunctions.Web;
using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>
/// The definition of the Power Platform connector: what makers of flows ask for, with the words and the drop-downs of their designer.
/// What has a key of its own so that callers cannot do it is left out: enrolment, sign-out, check.
/// </summary>
internal static class ConnectorDefinition
{
    /// <summary>The security definition, and the connection parameter of apiProperties.json that holds the key.</summary>
    public const string Key = "api_key";

    private const string Prefix = "/api";

    /// <summary>What a designer shows at once, what behind a click, and, where there is no word, what in between.</summary>
    private static readonly Dictionary<string, string?> Visibilities = new(StringComparer.Ordinal)
    {
        [TokenOperations.GetToken.Name] = "important",
        [TokenOperations.Refresh.Name] = "advanced",
        [StatusOperations.Connections.Name] = null,
        [StatusOperations.Status.Name] = null,
    };

    public static OpenApiDocument Create()
    {
        var source = ApiDocument.Create();
        var document = new OpenApiDocument
        {
            Info = source.Info,
            // The connection's host goes before it: the policy in apiProperties.json.
            Servers = [new OpenApiServer { Url = "https://contoso-backup.azurewebsites.net/" }],
            Components = new OpenApiComponents
            {
                Schemas = source.Components!.Schemas,
                SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Key] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.ApiKey,
                        In = ParameterLocation.Header,
                        Name = ApiDocument.KeyHeader,
                    },
                },
            },
            Paths = [],
        };
        foreach (var (path, item) in source.Paths)
        {
            foreach (
                var (method, operation) in item.Operations!.Where(pair =>
                    Visibilities.ContainsKey(pair.Value.OperationId!)
                )
            )
            {
                var kept = new OpenApiPathItem();
                kept.AddOperation(method, ForDesigner(operation));
                document.Paths.Add(Prefix + path, kept);
            }
        }

        document.Security = [new() { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        ConnectorSchemas.Prepare(document);
        return document;
    }

    private static OpenApiOperation ForDesigner(OpenApiOperation operation)
    {
        operation.Security = null;
        operation.Tags = new HashSet<OpenApiTagReference>();
        operation.Extensions = Visibilities[operation.OperationId!] is { } visibility
            ? Extensions(("x-ms-visibility", visibility))
            : null;
        // A designer reads one shape.
        var source = Operations.All.Single(known => known.Name == operation.OperationId);
        var ok = source.Replies[0];
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = ok.Description,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [ok.MediaType] = operation.Responses["200"].Content![ok.MediaType],
            },
        };

        foreach (var parameter in operation.Parameters!.Cast<OpenApiParameter>())
        {
            parameter.Extensions = OfParameter(
                parameter,
                source.Query.FirstOrDefault(query => query.Name == parameter.Name)
            );
        }

        return operation;
    }

    private static Dictionary<string, IOpenApiExtension> OfParameter(
        OpenApiParameter parameter,
        OperationParameter? query
    )
    {
        var extensions = Extensions(("x-ms-summary", query?.Title ?? Words.OfName(parameter.Name!)));
        if (query is { IsVendor: false } && query.Name != GetTokenParameters.Rejected)
        {
            extensions.Add("x-ms-visibility", new JsonNodeExtension("advanced"));
        }

        if (parameter.In == ParameterLocation.Path)
        {
            extensions.Add("x-ms-url-encoding", new JsonNodeExtension("single"));
        }

        if (parameter.Name == Parameters.Connection)
        {
            extensions.Add(
                "x-ms-dynamic-values",
                new JsonNodeExtension(ConnectionsOfVendor("parameter", "value-collection", "value-path", "value-title"))
            );
            extensions.Add(
                "x-ms-dynamic-list",
                new JsonNodeExtension(
                    ConnectionsOfVendor("parameterReference", "itemsPath", "itemValuePath", "itemTitlePath")
                )
            );
        }

        return extensions;
    }

    // The names that ListConnections answers with; the older extension and the newer one say it in different words.
    private static JsonObject ConnectionsOfVendor(string parameter, string collection, string value, string title) =>
        new()
        {
            ["operationId"] = StatusOperations.Connections.Name,
            ["parameters"] = new JsonObject
            {
                [Parameters.Vendor] = new JsonObject { [parameter] = Parameters.Vendor },
            },
            [collection] = "connections",
            [value] = "connection",
            [title] = "connection",
        };

    private static Dictionary<string, IOpenApiExtension> Extensions(params (string Name, string Text)[] texts) =>
        texts.ToDictionary(text => text.Name, IOpenApiExtension (text) => new JsonNodeExtension(text.Text));
}
