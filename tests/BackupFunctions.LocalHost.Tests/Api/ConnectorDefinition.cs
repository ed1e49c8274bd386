using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>
/// Generates the definition of the Power Platform connector: the operations that flow makers need, with titles and
/// drop-downs for the flow designer. Enrolment, sign-out and check have their own keys, so that callers cannot use
/// them, and are left out.
/// </summary>
internal static class ConnectorDefinition
{
    private const string EntraId = "entra_id";
    private const string SignIn = "https://login.microsoftonline.com/common/oauth2/";

    private const string Visibility = "x-ms-visibility";
    private const string Summary = "x-ms-summary";

    /// <summary>The designer shows important operations first and hides advanced ones behind a click.</summary>
    private static readonly Dictionary<string, string?> Operations = new(StringComparer.Ordinal)
    {
        [ConnectorCall.Id] = "important",
        ["GetToken"] = "advanced",
        ["Refresh"] = "advanced",
        ["ListConnections"] = null,
        ["GetStatus"] = null,
    };

    private static readonly Dictionary<string, (string Title, string? Visibility)> Parameters = new(
        StringComparer.Ordinal
    )
    {
        ["vendor"] = ("Vendor", null),
        ["connection"] = ("Connection", null),
        ["rejected"] = ("Rejected token", null),
        ["minimumLifetime"] = ("Minimum lifetime", "advanced"),
        ["refresh"] = ("Renew now", "advanced"),
        ["tenant"] = ("Tenant", "advanced"),
        ["history"] = ("With history", "advanced"),
    };

    public static async Task<string> GenerateTextAsync()
    {
        var document = await ApiDocument.GenerateAsync("/api", options =>
        {
            options.ShouldInclude = description =>
                description
                    .ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>()
                    .Any(name => Operations.ContainsKey(name.EndpointName));
            options.AddSchemaTransformer(MoveTitle);
        });
        Complete(document);
        return await ApiDocument.TextAsync(document, OpenApiSpecVersion.OpenApi2_0);
    }

    private static void Complete(OpenApiDocument document)
    {
        document.Info = ApiDocument.Info;
        // A placeholder, like those in apiProperties.json: a connector signs in to one app, so it has one host.
        document.Servers = [new() { Url = "https://contoso-backup.azurewebsites.net/" }];
        document.Tags = null;
        document.AddComponent(
            EntraId,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Flows = new OpenApiOAuthFlows
                {
                    AuthorizationCode = new OpenApiOAuthFlow
                    {
                        AuthorizationUrl = new Uri($"{SignIn}authorize"),
                        TokenUrl = new Uri($"{SignIn}token"),
                        Scopes = new Dictionary<string, string> { ["user_impersonation"] = "As the user" },
                    },
                },
            }
        );
        document.Security = [new() { [new OpenApiSecuritySchemeReference(EntraId, document)] = [] }];
        AddCall(document);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            Complete(operation);
        }
    }

    /// <summary>Its vendor and connection are those of GetToken, before that one is completed.</summary>
    private static void AddCall(OpenApiDocument document)
    {
        var parameters = document
            .Paths.SelectMany(path => path.Value.Operations!.Values)
            .Single(operation => operation.OperationId == "GetToken")
            .Parameters!.Where(parameter => parameter.In == ParameterLocation.Path);
        ConnectorCall.Add(document, parameters.Select(parameter => parameter.CreateShallowCopy()));
    }

    private static Task MoveTitle(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellation
    )
    {
        if (schema.Title is { } title)
        {
            schema.AddExtension(Summary, new JsonNodeExtension(title));
            schema.Title = null;
        }

        return Task.CompletedTask;
    }

    private static void Complete(OpenApiOperation operation)
    {
        operation.Tags!.Clear();
        // A connection has no key, whatever other callers send.
        if (operation.Responses!.TryGetValue("401", out var refusal))
            refusal.Description = "Sign in again: the connection's token is missing or not accepted.";
        var reply = (OpenApiResponse)operation.Responses["200"];
        if (reply.Content!.Remove("text/plain"))
        {
            // The designer supports one content type per response.
            reply.Description = "The token.";
        }

        if (Operations[operation.OperationId!] is { } visibility)
        {
            operation.AddExtension(Visibility, new JsonNodeExtension(visibility));
        }

        foreach (var parameter in operation.Parameters!.Cast<OpenApiParameter>())
        {
            Complete(parameter);
        }
    }

    private static void Complete(OpenApiParameter parameter)
    {
        var (title, visibility) = Parameters[parameter.Name!];
        parameter.AddExtension(Summary, new JsonNodeExtension(title));
        if (visibility is not null)
        {
            parameter.AddExtension(Visibility, new JsonNodeExtension(visibility));
        }

        if (parameter.In == ParameterLocation.Path)
        {
            parameter.AddExtension("x-ms-url-encoding", new JsonNodeExtension("single"));
        }

        // The old and the new extension differ only in their property names.
        if (parameter is { Name: "vendor", In: ParameterLocation.Path })
        {
            parameter.AddExtension("x-ms-dynamic-values", Vendors("value-collection", "value-path", "value-title"));
            parameter.AddExtension("x-ms-dynamic-list", Vendors("itemsPath", "itemValuePath", "itemTitlePath"));
        }
        else if (parameter.Name == "connection")
        {
            parameter.AddExtension(
                "x-ms-dynamic-values",
                Connections("parameter", "value-collection", "value-path", "value-title")
            );
            parameter.AddExtension(
                "x-ms-dynamic-list",
                Connections("parameterReference", "itemsPath", "itemValuePath", "itemTitlePath")
            );
        }
    }

    /// <summary>Fills a drop-down with the vendors that ListConnections returns.</summary>
    private static JsonNodeExtension Vendors(string collection, string value, string title) =>
        new(
            new JsonObject
            {
                ["operationId"] = "ListConnections",
                [collection] = "vendors",
                [value] = "vendor",
                [title] = "display_name",
            }
        );

    /// <summary>Fills a drop-down with the names that ListConnections returns.</summary>
    private static JsonNodeExtension Connections(string parameter, string collection, string value, string title) =>
        new(
            new JsonObject
            {
                ["operationId"] = "ListConnections",
                ["parameters"] = new JsonObject { ["vendor"] = new JsonObject { [parameter] = "vendor" } },
                [collection] = "connections",
                [value] = "connection",
                [title] = "connection",
            }
        );
}
