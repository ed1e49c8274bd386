using System.Net;
using System.Text;
using BackupFunctions.Connections;
using Scalar.AspNetCore;

namespace BackupFunctions.LocalHost.Api;

/// <summary>What a browser shows at <c>/</c>, and a page to try the API. Both are LocalHost's alone.</summary>
internal static class FrontPage
{
    /// <summary>Where the API can be tried.</summary>
    public const string TryIt = "/try";

    private const string Styles =
        "body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; "
        + "color-scheme: light dark; } pre { padding: 0.8rem; border: 1px solid; border-radius: 8px; overflow: auto; }";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (RequestDelegate)WriteAsync);
        app.MapScalarApiReference(TryIt, scalar =>
            scalar
                .WithTitle("BackupFunctions")
                .WithOpenApiRoutePattern("/api/openapi.json")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
        );
    }

    private static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        var directory = context.RequestServices.GetRequiredService<ConnectionDirectory>();
        return context.Response.WriteAsync(Html($"{context.Request.Scheme}://{context.Request.Host}", directory));
    }

    private static string Html(string address, ConnectionDirectory directory)
    {
        var commands = new StringBuilder();
        foreach (var line in ConnectionLines.CommandsOf(directory, address))
        {
            commands.AppendLine(WebUtility.HtmlEncode(line));
        }

        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>BackupFunctions on this machine</title>
            <style>{Styles}</style>
            </head>
            <body>
            <h1>BackupFunctions on this machine</h1>
            <ul>
            <li><a href="/api/status/page">The status page</a>: every connection and its token</li>
            <li><a href="{TryIt}">Try the API</a></li>
            <li><a href="/api/openapi.json">Its OpenAPI document</a></li>
            </ul>
            <h2>Commands</h2>
            <pre>{commands}</pre>
            </body>
            </html>
            """;
    }
}
