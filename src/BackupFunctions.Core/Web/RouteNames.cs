using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>
/// The names in a route. A function's parameters would not do: if the route omits one, the Functions host takes it
/// from the query or from a JSON body.
/// </summary>
public static class RouteNames
{
    /// <summary>The vendor; every route has it.</summary>
    public static string Vendor(this HttpRequest request) => (string)request.RouteValues["vendor"]!;

    /// <summary>The connection; null if the route omits it.</summary>
    public static string? Connection(this HttpRequest request) => (string?)request.RouteValues["connection"];
}
