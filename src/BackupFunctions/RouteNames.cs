using Microsoft.AspNetCore.Http;

namespace BackupFunctions;

/// <summary>
/// The names in a function's route. A parameter of the function would not do: the Functions host fills one that the route left
/// out from the query or from a JSON body.
/// </summary>
internal static class RouteNames
{
    /// <summary>The vendor; its segment is never left out.</summary>
    public static string Vendor(this HttpRequest request) => (string)request.RouteValues["vendor"]!;

    /// <summary>The connection; null where the route ends before it.</summary>
    public static string? Connection(this HttpRequest request) => (string?)request.RouteValues["connection"];
}
