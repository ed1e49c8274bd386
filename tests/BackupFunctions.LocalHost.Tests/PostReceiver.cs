using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>A receiver of alerts on this machine: keeps what is posted, and answers with one status.</summary>
internal sealed class PostReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PostReceiver(int status)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            Bodies.Enqueue(await body.ReadToEndAsync());
            Keys.Enqueue(context.Request.Headers["X-Api-Key"].ToString());
            context.Response.StatusCode = status;
        });
    }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public ConcurrentQueue<string> Keys { get; } = new();

    public string Address => new Uri(new Uri(_app.Urls.First()), "/hook").AbsoluteUri;

    public static async Task<PostReceiver> StartAsync(int status = 202)
    {
        var receiver = new PostReceiver(status);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
