using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Samples.Tests.Serving;

/// <summary>
/// In the app's place where a test needs a refusal or a wait that a real one gives only on a bad night. It notes what
/// it was asked.
/// </summary>
internal sealed class ScriptedApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Action<HttpResponse>> _replies = new();

    private ScriptedApp(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Each request's path and query, and the function key that came with it.</summary>
    public ConcurrentQueue<(string Target, string? Key)> Requests { get; } = new();

    /// <summary>Each request's method and body.</summary>
    public ConcurrentQueue<(string Method, string Body)> Sent { get; } = new();

    /// <summary>Each request's <c>Authorization</c>.</summary>
    public ConcurrentQueue<string?> Authorizations { get; } = new();

    public static async Task<ScriptedApp> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var scripted = new ScriptedApp(builder.Build());
        scripted._app.Run(scripted.AnswerAsync);
        await scripted._app.StartAsync();
        return scripted;
    }

    /// <summary>The next reply, or several of the same kind, is a problem of the app.</summary>
    public ScriptedApp Answers(
        int status,
        string type,
        string detail,
        int? retryAfter = null,
        int times = 1,
        string? audience = null
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type = $"urn:backupfunctions:problem:{type}",
                title = "Out of order",
                status,
                detail,
            }
        );
        foreach (var _ in Enumerable.Range(0, times))
        {
            _replies.Enqueue(response =>
            {
                response.StatusCode = status;
                response.ContentType = "application/problem+json";
                response.Headers["X-Answered-By"] = "backupfunctions";
                if (retryAfter is { } seconds)
                    response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                // To a caller who did not sign in, an app without keys says for whom the token has to be.
                if (audience is not null)
                    response.Headers.WWWAuthenticate = $"Bearer resource_id=\"{audience}\"";
                response.BodyWriter.Write(body);
            });
        }

        return this;
    }

    /// <summary>The next reply is this, with status 200.</summary>
    public ScriptedApp Answers(string json)
    {
        _replies.Enqueue(response =>
        {
            response.ContentType = "application/json";
            response.BodyWriter.Write(Encoding.UTF8.GetBytes(json));
        });
        return this;
    }

    /// <summary>The next reply is the vendor's, handed on by the app.</summary>
    public ScriptedApp HandsOn(int status, string body)
    {
        _replies.Enqueue(response =>
        {
            response.StatusCode = status;
            response.Headers["X-Answered-By"] = "vendor";
            response.BodyWriter.Write(Encoding.UTF8.GetBytes(body));
        });
        return this;
    }

    /// <summary>The next reply is a page of something in between.</summary>
    public ScriptedApp AnswersPage(int status)
    {
        _replies.Enqueue(response =>
        {
            response.StatusCode = status;
            response.ContentType = "text/html";
            response.BodyWriter.Write("<html><body>Service Unavailable</body></html>"u8);
        });
        return this;
    }

    /// <summary>The next reply is a status alone, as the Functions host's own are.</summary>
    public ScriptedApp AnswersNothingBut(int status)
    {
        _replies.Enqueue(response => response.StatusCode = status);
        return this;
    }

    /// <summary>The next reply sends the caller elsewhere.</summary>
    public ScriptedApp Redirects(string url)
    {
        _replies.Enqueue(response => response.Redirect(url));
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(
            (context.Request.Path + context.Request.QueryString, context.Request.Headers["x-functions-key"])
        );
        using var body = new StreamReader(context.Request.Body);
        Sent.Enqueue((context.Request.Method, await body.ReadToEndAsync()));
        Authorizations.Enqueue(context.Request.Headers.Authorization);
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        if (_replies.TryDequeue(out var reply))
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            reply(context.Response);
        }

        await context.Response.CompleteAsync();
    }
}
