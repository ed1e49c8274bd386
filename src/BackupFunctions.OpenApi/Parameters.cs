using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Connections;
using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>What operations take.</summary>
internal static class Parameters
{
    public const string Vendor = "vendor";
    public const string Connection = "connection";

    /// <summary>The one-time code of an enrolment.</summary>
    public static OpenApiRequestBody Code =>
        new()
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = CodeSchema },
                ["application/x-www-form-urlencoded"] = new OpenApiMediaType { Schema = CodeSchema },
            },
        };

    private static OpenApiSchema CodeSchema =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "code" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["code"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Title = "Code",
                    Description = "The digits that the authenticator app shows, for example 123456.",
                    Format = "password",
                },
            },
        };

    /// <summary>The names in a route.</summary>
    public static IEnumerable<OpenApiParameter> OfRoute(string route)
    {
        if (route.Contains($"{{{Vendor}}}", StringComparison.Ordinal))
        {
            yield return InPath(Vendor, "The vendor.", VendorSchema());
        }

        if (route.Contains($"{{{Connection}}}", StringComparison.Ordinal))
        {
            var schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Pattern = ConnectionKey.NamePattern,
                Default = ConnectionDirectory.DefaultName,
            };
            yield return InPath(Connection, "The connection: which of the accounts at this vendor.", schema);
        }
    }

    public static OpenApiParameter OfQuery(OperationParameter parameter) =>
        new()
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Description,
            Schema = parameter.IsVendor ? VendorSchema() : SchemaOf(parameter),
        };

    private static OpenApiParameter InPath(string name, string description, OpenApiSchema schema) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = description,
            Schema = schema,
        };

    private static OpenApiSchema VendorSchema() =>
        new() { Type = JsonSchemaType.String, Enum = [.. Vendors.Names.Select(name => (JsonNode)name)] };

    private static OpenApiSchema SchemaOf(OperationParameter parameter) =>
        new()
        {
            Type =
                parameter.Type == typeof(bool) ? JsonSchemaType.Boolean
                : parameter.Type == typeof(int) ? JsonSchemaType.Integer
                : JsonSchemaType.String,
            Format = parameter.Type == typeof(int) ? "int32" : parameter.Format,
            Default = parameter.Default switch
            {
                null => null,
                bool flag => flag,
                int number => number,
                var other => throw new InvalidOperationException($"{parameter.Name}: {other} is no default."),
            },
            Minimum = parameter.Range?.Smallest.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Range?.Largest.ToString(CultureInfo.InvariantCulture),
            Pattern = parameter.Pattern,
        };
}
