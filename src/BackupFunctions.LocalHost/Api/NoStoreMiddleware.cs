namespace BackupFunctions.LocalHost.Api;

/// <summary>
/// Forbids caching of every reply, the framework's own bare 400, 404 and 405 too, as <c>customHeaders</c> in host.json
/// does in the Functions host. A cache may keep a 404 or 405 that says nothing about it (RFC 9110 section 15.1).
/// </summary>
internal sealed class NoStoreMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }
}
