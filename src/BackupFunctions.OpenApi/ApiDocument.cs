using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>The OpenAPI document of all operations, as each host serves it.</summary>
internal static class ApiDocument
{
    /// <summary>The header that a function key is sent in.</summary>
    public const string KeyHeader = "x-functions-key";

    /// <summary>What is about one connection.</summary>
    public const string TokensTag = "Tokens";

    /// <summary>What is about all of them.</summary>
    public const string StatusTag = "Status";

    private const string FunctionKey = "function_key";
    private const string EntraId = "entra_id";

    public static OpenApiDocument Create()
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "BackupFunctions",
                Version = typeof(Operation).Assembly.GetName().Version!.ToString(3),
                Description =
                    "Bearer tokens for Acronis, AvePoint, backup.net and Veeam, without holding a vendor's secret. Errors are problems (RFC 9457).",
                License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
            },
            // Relative: to the host that this document comes from.
            Servers =
            [
                new OpenApiServer
                {
                    Url = "/api",
                    Description = "The host that this document comes from. LocalHost takes no keys.",
                },
            ],
            Tags = new HashSet<OpenApiTag>
            {
                new() { Name = TokensTag, Description = "Of one connection." },
                new() { Name = StatusTag, Description = "Of all connections, and of the service." },
            },
            Paths = [],
            Components = new OpenApiComponents
            {
                Schemas = new Dictionary<string, IOpenApiSchema>(),
                SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [FunctionKey] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.ApiKey,
                        In = ParameterLocation.Header,
                        Name = KeyHeader,
                        Description = "The key of the function, or a host key.",
                    },
                    [EntraId] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        BearerFormat = "JWT",
                        Description = "A token of Entra ID for this app, where app roles are required; beside the key.",
                    },
                },
            },
        };
        var operations = new DocumentedOperations(document);
        foreach (var operation in Operations.All)
        {
            operations.Add(operation, operation.IsOpen ? [] : Keys(document));
        }

        return document;
    }

    private static IList<OpenApiSecurityRequirement> Keys(OpenApiDocument document) =>
        [
            new() { [new OpenApiSecuritySchemeReference(FunctionKey, document)] = [] },
            new()
            {
                [new OpenApiSecuritySchemeReference(FunctionKey, document)] = [],
                [new OpenApiSecuritySchemeReference(EntraId, document)] = [],
            },
        ];
}
