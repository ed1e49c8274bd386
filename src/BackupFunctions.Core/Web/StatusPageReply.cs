using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>
/// The page for people, as both hosts serve it to anybody: a shell that asks GET /api/status for its facts, with the reader's own
/// function key.
/// </summary>
public sealed class StatusPageReply : IResult
{
    private StatusPageReply()
    {
        // There is one page, the same for all.
    }

    /// <summary>The page.</summary>
    public static StatusPageReply Instance { get; } = new();

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var document = StatusPageDocument.Instance;
        var response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = document.Html.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = document.ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        // No other window holds a handle of this one, and no other site reads it (HTML standard, "Cross-origin opener policies"; Fetch
        // standard, "Cross-Origin-Resource-Policy header").
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await response.Body.WriteAsync(document.Html, httpContext.RequestAborted);
    }
}
