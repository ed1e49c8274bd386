using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.LocalHost.Api;
using BackupFunctions.Web.Api;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>
/// Adds what the generator does not see: parameters and bodies that handlers read from the request themselves, and
/// parts of the replies.
/// </summary>
internal static class OperationDetails
{
    private static readonly OperationParameter[] PathParameters =
    [
        // No enumeration: an operator may declare further vendors.
        new("vendor", "The vendor, for example acronis; ListConnections names those that have connections."),
        new("connection", "The connection: which account at this vendor.")
        {
            Pattern = ConnectionKey.NamePattern,
            Default = ConnectionDirectory.DefaultName,
        },
    ];

    public static void Configure(OpenApiOptions options) =>
        options.AddOperationTransformer(
            async (operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                operation.Parameters = [];
                foreach (var parameter in PathParameters)
                {
                    if (context.Description.RelativePath!.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal))
                    {
                        operation.Parameters.Add(await CreateAsync(parameter, ParameterLocation.Path, context));
                    }
                }

                foreach (var parameter in metadata.OfType<OperationParameter>())
                {
                    operation.Parameters.Add(await CreateAsync(parameter, ParameterLocation.Query, context));
                }

                if (metadata.Contains(typeof(EnrolmentRequest)))
                {
                    operation.RequestBody = await EnrolmentAsync(context);
                }

                await CompleteResponsesAsync(operation.Responses!, metadata, context);
            }
        );

    private static async Task<OpenApiParameter> CreateAsync(
        OperationParameter parameter,
        ParameterLocation location,
        OpenApiOperationTransformerContext context
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(parameter.Type);
        schema.Pattern = parameter.Pattern;
        schema.Default = parameter.Default is { } value ? JsonValue.Create(value) : null;
        schema.Minimum = parameter.Range?.Smallest.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = parameter.Range?.Largest.ToString(CultureInfo.InvariantCulture);
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = location,
            Required = location == ParameterLocation.Path,
            Description = parameter.Description,
            Schema = schema,
        };
    }

    private static async Task<OpenApiRequestBody> EnrolmentAsync(OpenApiOperationTransformerContext context)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(EnrolmentRequest));
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = schema },
                ["application/x-www-form-urlencoded"] = new() { Schema = schema },
            },
        };
    }

    private static async Task CompleteResponsesAsync(
        OpenApiResponses responses,
        IList<object> metadata,
        OpenApiOperationTransformerContext context
    )
    {
        foreach (var replies in metadata.OfType<IProducesResponseTypeMetadata>().GroupBy(reply => reply.StatusCode))
        {
            var response = (OpenApiResponse)responses[replies.Key.ToString(CultureInfo.InvariantCulture)];
            // The generator sees only the last reply with a given status.
            response.Description = string.Join(' ', replies.Reverse().Select(reply => reply.Description));
            foreach (var reply in replies)
            {
                response.Content!.TryAdd(
                    reply.ContentTypes.Single(),
                    new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(reply.Type!) }
                );
            }

            if (replies.Key == 503 && response.Content!.ContainsKey("application/problem+json"))
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "How many seconds to wait before retrying.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                    },
                };
            }
        }
    }
}
