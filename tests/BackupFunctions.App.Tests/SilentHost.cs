using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.App.Tests;

/// <summary>
/// As much of a Functions host as a worker needs to start: it accepts the worker's gRPC stream and says nothing.
/// </summary>
internal sealed class SilentHost : IAsyncDisposable
{
    private readonly WebApplication _server;

    private SilentHost(WebApplication server) => _server = server;

    /// <summary>The arguments with which the host starts a worker.</summary>
    public IReadOnlyList<string> WorkerArguments =>
        [
            "--functions-uri",
            _server.Urls.Single(),
            "--functions-worker-id",
            "worker",
            "--functions-request-id",
            "request",
            "--functions-grpc-max-message-length",
            "1000000",
        ];

    public static async Task<SilentHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(server =>
            server.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)
        );
        var server = builder.Build();
        server.Run(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            var sent = new byte[4096];
            while (await context.Request.Body.ReadAsync(sent, context.RequestAborted) > 0)
            {
                // What the worker says does not matter here.
            }
        });
        await server.StartAsync();
        return new SilentHost(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
