using BackupFunctions.Emulators;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>Sends requests to an emulator without a server in between.</summary>
/// <param name="emulator">The emulator that answers.</param>
/// <param name="time">The clock of the timeout.</param>
/// <param name="timeout">The timeout of a client that takes no clock from us; null if the client has its own.</param>
internal sealed class EmulatorNetwork(Emulator emulator, TimeProvider time, TimeSpan? timeout = null)
    : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Assert.Equal(emulator.BaseAddress.Authority, request.RequestUri!.Authority);
        using var timedOut = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, time);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timedOut.Token);
        var lifetime = new Lifetime { RequestAborted = left.Token };
        var context = await ContextAsync(request, lifetime);

        await emulator.HandleAsync(context);

        left.Token.ThrowIfCancellationRequested();
        return lifetime.IsAborted
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection broke.")
            : Reply(request, context.Response);
    }

    private static async Task<DefaultHttpContext> ContextAsync(HttpRequestMessage request, Lifetime lifetime)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        var (to, address) = (context.Request, request.RequestUri!);
        (to.Method, to.Scheme, to.Host) = (request.Method.Method, address.Scheme, new HostString(address.Authority));
        (to.Path, to.QueryString) = (PathString.FromUriComponent(address), QueryString.FromUriComponent(address));
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            to.Headers[name] = values.ToArray();
        }

        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync() : [];
        (to.Body, to.ContentLength) = (new MemoryStream(body), body.Length);
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static HttpResponseMessage Reply(HttpRequestMessage request, HttpResponse from)
    {
        var reply = new HttpResponseMessage((System.Net.HttpStatusCode)from.StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(((MemoryStream)from.Body).ToArray()),
        };
        foreach (var (name, values) in from.Headers)
        {
            if (!reply.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                reply.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        return reply;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }
}
