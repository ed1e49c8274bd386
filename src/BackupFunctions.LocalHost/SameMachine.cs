namespace BackupFunctions.LocalHost;

/// <summary>
/// Refuses what a page of some web site sends from a browser on this machine: such a request names its origin (Fetch
/// standard, "Origin header"), and no caller of this host is a web page.
/// </summary>
internal sealed class SameMachine(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Origin.Count == 0)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync("This host does not answer web pages.");
    }
}
