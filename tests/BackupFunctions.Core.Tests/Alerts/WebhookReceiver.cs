using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using BackupFunctions.Core.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace BackupFunctions.Core.Tests.Alerts;

/// <summary>
/// A webhook on this machine: records what is posted and answers with its scripted statuses, then 202.
/// </summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonObject> _received = new();
    private readonly ConcurrentQueue<int> _script = new();
    private readonly WebApplication _app;
    private HeldCall? _hanging;

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            _received.Enqueue(JsonNode.Parse(await body.ReadToEndAsync())!.AsObject());
            Headers.Enqueue(
                context.Request.Headers.ToDictionary(
                    header => header.Key,
                    header => header.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase
                )
            );
            Paths.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            await (Interlocked.Exchange(ref _hanging, null)?.EnterAsync() ?? Task.CompletedTask);
            context.Response.StatusCode = _script.TryDequeue(out var status) ? status : 202;
            context.Response.Headers.Location = "/elsewhere";
        });
    }

    public IReadOnlyList<JsonObject> Received => [.. _received];

    public ConcurrentQueue<string> Paths { get; } = new();

    /// <summary>The headers of each message.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = new();

    /// <summary>The event of each message, in order.</summary>
    public IReadOnlyList<string> Events => [.. _received.Select(message => (string)message["event"]!)];

    public Uri Address => new(_app.Urls.First());

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public void Answers(params int[] statuses) => Array.ForEach(statuses, _script.Enqueue);

    /// <summary>The next message waits for the test.</summary>
    public HeldCall HangsOnce() => _hanging = new HeldCall();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
