using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace BackupFunctions.LocalHost.Tests.Program;

/// <summary>Receives OTLP over HTTP (protobuf) and keeps the bytes, in which names are plain text.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string? ContentType, string Body)> _received = new();
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue(
                (context.Request.Path, context.Request.ContentType, Encoding.Latin1.GetString(body.ToArray()))
            );
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public string Address => _app.Urls.First();

    /// <summary>The requests, by path.</summary>
    public ILookup<string, (string? ContentType, string Body)> Received =>
        _received.ToLookup(one => one.Path, one => (one.ContentType, one.Body));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
