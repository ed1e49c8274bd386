using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BackupFunctions.Testing;

/// <summary>A client's request as an emulator's server would see it, and the reply to it.</summary>
public sealed class EmulatorExchange : IHttpRequestLifetimeFeature
{
    private readonly MemoryStream _reply = new();

    public EmulatorExchange(HttpRequestMessage request, byte[] body)
    {
        Context.Features.Set<IHttpRequestLifetimeFeature>(this);
        Context.Response.Body = _reply;
        var (to, address) = (Context.Request, request.RequestUri!);
        (to.Method, to.Scheme, to.Host) = (request.Method.Method, address.Scheme, new HostString(address.Authority));
        (to.Path, to.QueryString) = (PathString.FromUriComponent(address), QueryString.FromUriComponent(address));
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            to.Headers[name] = values.ToArray();
        }

        (to.Body, to.ContentLength) = (new MemoryStream(body, writable: false), body.Length);
    }

    public DefaultHttpContext Context { get; } = new();

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Whether the emulator closed the connection without a reply.</summary>
    public bool IsAborted { get; private set; }

    public byte[] ReplyBody => _reply.ToArray();

    public void Abort() => IsAborted = true;
}
