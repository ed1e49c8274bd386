using BackupFunctions.Emulators;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BackupFunctions.Simulation;

/// <summary>Hands a call to an emulator inline: no server, no socket, no other thread.</summary>
internal static class EmulatorAnswers
{
    public static Answer Of(Emulator emulator, Call call)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime());
        var (request, uri) = (context.Request, call.Request.RequestUri!);
        request.Method = call.Request.Method.Method;
        request.Scheme = uri.Scheme;
        request.Host = new HostString(uri.Authority);
        request.Path = uri.AbsolutePath;
        request.QueryString = new QueryString(uri.Query);
        foreach (var (name, values) in call.Request.Headers)
        {
            request.Headers[name] = values.ToArray();
        }

        if (call.Request.Content is { } content)
        {
            request.ContentType = content.Headers.ContentType?.ToString();
            request.ContentLength = call.Body.Length;
            request.Body = new MemoryStream(call.Body, writable: false);
        }

        var body = new MemoryStream();
        context.Response.Body = body;
        var handled = emulator.HandleAsync(context);
        if (!handled.IsCompleted)
        {
            throw new InvalidOperationException($"{emulator.Name} did not answer inline.");
        }

        handled.GetAwaiter().GetResult();
        var response = context.Response;
        return new Answer(response.StatusCode, body.ToArray(), response.ContentType)
        {
            Headers =
            [
                .. response
                    .Headers.Where(static header => header.Key is not ("Content-Type" or "Content-Length"))
                    .Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString())),
            ],
        };
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => throw new InvalidOperationException("Mishaps are the network's, not the emulator's.");
    }
}
