using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>
/// The names in a route. A parameter of a function would not do: the Functions host fills one that the route left
/// out from the query or from a JSON body.
/// </summary>
public static class RouteNames
{
    /// <summary>The vendor; its segment is never left out.</summary>
    /// <param name="request">The request.</param>
    public static string Vendor(this HttpRequest request) => (string)request.RouteValues["vendor"]!;

    /// <summary>The connection; null where the route ends before it.</summary>
    /// <param name="request">The request.</param>
    public static string? Connection(this HttpRequest request) => (string?)request.RouteValues["connection"];
}
