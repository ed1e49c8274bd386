using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Web;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>Applies the attributes on reply properties that the generator does not read.</summary>
internal static class ReplySchemas
{
    /// <summary>Described in place: in OpenAPI 3.0 a reference cannot have a description or be null.</summary>
    private static readonly Type[] Inline =
    [
        typeof(FailureBody),
        typeof(CheckCountsBody),
        typeof(HistoryKeyBody),
        typeof(ConnectionHistoryBody),
    ];

    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type =>
            type.Type.Name.EndsWith("Body", StringComparison.Ordinal) && !Inline.Contains(type.Type)
                ? type.Type.Name[..^"Body".Length]
                : null;
        options.AddSchemaTransformer(
            (schema, context, _) =>
            {
                foreach (var property in context.JsonTypeInfo.Properties.Where(IsLeftOutWhenNull))
                {
                    schema.Required?.Remove(property.Name);
                }

                if (context.JsonPropertyInfo is { } described)
                {
                    Describe(schema, described);
                }

                return Task.CompletedTask;
            }
        );
    }

    private static void Describe(OpenApiSchema schema, JsonPropertyInfo property)
    {
        schema.Title = Attribute<DisplayNameAttribute>(property)?.DisplayName ?? Title(property.Name);
        schema.Format = Attribute<DataTypeAttribute>(property)?.DataType switch
        {
            DataType.DateTime => "date-time",
            DataType.Password => "password",
            _ => schema.Format,
        };
        if (schema.Enum is not null)
        {
            schema.Type = JsonSchemaType.String;
        }

        if (IsLeftOutWhenNull(property))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }
    }

    /// <summary><c>expires_in</c> as <c>Expires in</c>.</summary>
    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    private static bool IsLeftOutWhenNull(JsonPropertyInfo property) =>
        Attribute<JsonIgnoreAttribute>(property)?.Condition == JsonIgnoreCondition.WhenWritingNull;

    private static T? Attribute<T>(JsonPropertyInfo property)
        where T : Attribute => (property.AttributeProvider as MemberInfo)?.GetCustomAttribute<T>();
}
