using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>The shapes of a connector's replies: those that its operations use, with the words that a designer shows.</summary>
internal static class ConnectorSchemas
{
    public static void Prepare(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var response in document
                .Paths.Values.SelectMany(item => item.Operations!.Values)
                .SelectMany(operation => operation.Responses!.Values)
        )
        {
            Collect(response.Content!.Values.Single().Schema!, schemas, used);
        }

        foreach (var name in schemas.Keys.Except(used).ToList())
        {
            schemas.Remove(name);
        }

        foreach (var schema in schemas.Values)
        {
            Title(schema);
        }
    }

    private static void Title(IOpenApiSchema schema)
    {
        foreach (var property in (schema.Properties?.Values ?? []).Cast<OpenApiSchema>())
        {
            property.Extensions = new Dictionary<string, IOpenApiExtension>
            {
                ["x-ms-summary"] = new JsonNodeExtension(property.Title!),
            };
            property.Title = null;
            Title(property);
        }
    }

    private static void Collect(
        IOpenApiSchema schema,
        IDictionary<string, IOpenApiSchema> schemas,
        HashSet<string> used
    )
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } name })
        {
            if (used.Add(name))
            {
                Collect(schemas[name], schemas, used);
            }

            return;
        }

        foreach (
            var part in (schema.Properties?.Values ?? [])
                .Concat(schema.AllOf ?? [])
                .Concat(schema.Items is { } items ? [items] : [])
        )
        {
            Collect(part, schemas, used);
        }
    }
}
