namespace BackupFunctions.LocalHost;

/// <summary>
/// Refuses what a page of some web site sends from a browser on this machine. Such a request names its origin (Fetch standard,
/// "Origin header") or, where it is a mere GET, that it comes from another site (Fetch Metadata, "Sec-Fetch-Site"). This host's own
/// page may ask: the Host header, which is one of this machine, names the same origin.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (IsOwn(context.Request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync("This host does not answer web pages of others.");
    }

    private static bool IsOwn(HttpRequest request) =>
        request.Headers.Origin is var origin
        && (origin.Count == 0 || origin == $"{request.Scheme}://{request.Host}")
        && request.Headers["Sec-Fetch-Site"] is var site
        && (site.Count == 0 || site == "same-origin" || site == "none");
}
