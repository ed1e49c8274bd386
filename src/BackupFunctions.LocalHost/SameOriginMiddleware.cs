namespace BackupFunctions.LocalHost;

/// <summary>
/// Refuses requests of other web sites' pages in a browser on this machine. Such a request names its origin (Fetch
/// standard, "Origin header") or, if it is a plain GET, says that it comes from another site (Fetch Metadata,
/// "Sec-Fetch-Site"). This host's own page is admitted: its origin matches the Host header, which host filtering has
/// checked.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HasOwnOrigin(context.Request) && HasOwnSite(context.Request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("This host does not serve pages of other web sites.");
    }

    private static bool HasOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        return origin.Count == 0 || origin == $"{request.Scheme}://{request.Host}";
    }

    private static bool HasOwnSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        return site.Count == 0 || site == "same-origin" || site == "none";
    }
}
