using System.Globalization;
using BackupFunctions.Web.Api;
using Microsoft.OpenApi;

namespace BackupFunctions.OpenApi;

/// <summary>Puts operations into the document: a path for each form of a route, since a parameter of a path is never left out there.</summary>
/// <param name="document">The document.</param>
internal sealed class DocumentedOperations(OpenApiDocument document)
{
    private const string Optional = "/{connection?}";

    private readonly Replies _replies = new(document);

    public void Add(Operation operation, IList<OpenApiSecurityRequirement> keys)
    {
        if (operation.Route.EndsWith(Optional, StringComparison.Ordinal))
        {
            Add(operation, operation.Route[..^Optional.Length], "OfDefault", keys);
            Add(operation, operation.Route[..^Optional.Length] + "/{connection}", "", keys);
        }
        else
        {
            Add(operation, operation.Route, "", keys);
        }
    }

    private void Add(Operation operation, string route, string suffix, IList<OpenApiSecurityRequirement> keys)
    {
        var path = new OpenApiPathItem();
        foreach (var (method, index) in operation.Methods.Select((method, index) => (method, index)))
        {
            path.AddOperation(
                HttpMethod.Parse(method),
                new OpenApiOperation
                {
                    OperationId =
                        operation.Name
                        + suffix
                        + (
                            index == 0
                                ? ""
                                : $"By{CultureInfo.InvariantCulture.TextInfo.ToTitleCase(method.ToLowerInvariant())}"
                        ),
                    Summary = operation.Summary,
                    Description = operation.Description,
                    Tags = new HashSet<OpenApiTagReference>
                    {
                        new(
                            route.Contains("{vendor}", StringComparison.Ordinal)
                                ? ApiDocument.TokensTag
                                : ApiDocument.StatusTag,
                            document
                        ),
                    },
                    Parameters = [.. Parameters.OfRoute(route), .. operation.Query.Select(Parameters.OfQuery)],
                    RequestBody = operation.TakesCode ? Parameters.Code : null,
                    Responses = _replies.Of(operation),
                    Security = keys,
                }
            );
        }

        document.Paths.Add($"/{route}", path);
    }
}
