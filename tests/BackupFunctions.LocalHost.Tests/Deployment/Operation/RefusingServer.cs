using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.LocalHost.Tests.Deployment.Operation;

/// <summary>An app that is healthy and admits nobody.</summary>
internal sealed class RefusingServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RefusingServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The header of the last request that was refused.</summary>
    public string? Authorization { get; private set; }

    public static async Task<RefusingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new RefusingServer(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/api/health", () => Results.Ok());
        app.MapFallback(request =>
        {
            server.Authorization = request.Request.Headers.Authorization;
            request.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
