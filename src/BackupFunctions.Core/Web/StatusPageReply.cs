using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Web;

/// <summary>
/// The status page, for both hosts and without a key: an empty shell that calls GET /api/status with the reader's own
/// function key.
/// </summary>
public sealed class StatusPageReply : IResult
{
    private StatusPageReply() { }

    /// <summary>The page: the same for everyone.</summary>
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
        // No other window gets a handle of this one, and no other site can read it (HTML standard, "Cross-origin
        // opener policies"; Fetch standard, "Cross-Origin-Resource-Policy header").
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await response.Body.WriteAsync(document.Html, httpContext.RequestAborted);
    }
}
