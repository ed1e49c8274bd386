using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>The shapes of the replies, from the types that the handlers write.</summary>
/// <param name="document">Where they are kept.</param>
internal sealed class Schemas(OpenApiDocument document)
{
    /// <summary>Refers to the shape of a body.</summary>
    public IOpenApiSchema Of(JsonTypeInfo type)
    {
        var name = type.Type.Name[..^"Body".Length];
        var schemas = document.Components!.Schemas!;
        if (!schemas.ContainsKey(name))
        {
            schemas.Add(name, Shape(type));
        }

        return new OpenApiSchemaReference(name, document);
    }

    private OpenApiSchema Shape(JsonTypeInfo type) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = type.Properties.ToDictionary(
                property => property.Name,
                IOpenApiSchema (property) => OfProperty(property, type.Options)
            ),
            Required = type
                .Properties.Where(property => !IsLeftOut(property))
                .Select(property => property.Name)
                .ToHashSet(StringComparer.Ordinal),
        };

    private OpenApiSchema OfProperty(JsonPropertyInfo property, JsonSerializerOptions options)
    {
        var field = Field(property);
        var isNullable = property.IsGetNullable && !IsLeftOut(property);
        var own = OfType(property.PropertyType, isNullable, options) switch
        {
            OpenApiSchema plain => plain,
            // What stands beside a reference is not read before OpenAPI 3.1.
            var reference => new OpenApiSchema { AllOf = [reference] },
        };
        own.Description = field.Description;
        own.Title = field.Title ?? Words.OfName(property.Name);
        own.Format ??= field.Format;
        own.Type = isNullable ? own.Type | JsonSchemaType.Null : own.Type;
        own.Enum = field.Names is { } names
            ? [.. Enum.GetNames(names).Select(name => (JsonNode)JsonNamingPolicy.KebabCaseLower.ConvertName(name))]
            : null;
        return own;
    }

    private IOpenApiSchema OfType(Type type, bool isNullable, JsonSerializerOptions options)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(string) ? new OpenApiSchema { Type = JsonSchemaType.String }
            : plain == typeof(bool) ? new OpenApiSchema { Type = JsonSchemaType.Boolean }
            : plain == typeof(int) ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }
            : plain == typeof(long) ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" }
            : options.GetTypeInfo(plain) is { Kind: JsonTypeInfoKind.Enumerable } list
                ? new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = OfType(list.ElementType!, isNullable: false, options),
                }
            // A reference cannot be null.
            : isNullable ? Shape(options.GetTypeInfo(plain))
            : Of(options.GetTypeInfo(plain));
    }

    private static WireFieldAttribute Field(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(WireFieldAttribute), inherit: false)
            is [WireFieldAttribute field]
            ? field
            : throw new InvalidOperationException(
                $"{property.DeclaringType.Name}.{property.Name} has no {nameof(WireFieldAttribute)}: say what it means."
            );

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];
}
