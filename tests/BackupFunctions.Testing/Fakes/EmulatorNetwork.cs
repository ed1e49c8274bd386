using System.Net;
using BackupFunctions.Emulators;

namespace BackupFunctions.Testing;

/// <summary>Sends requests to an emulator without a server in between.</summary>
/// <param name="emulator">The emulator that answers.</param>
/// <param name="time">The clock of the timeout.</param>
/// <param name="timeout">The timeout of a client that takes no clock from us; null if the client has its own.</param>
public sealed class EmulatorNetwork(Emulator emulator, TimeProvider time, TimeSpan? timeout = null) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.RequestUri!.Authority != emulator.BaseAddress.Authority)
            throw new InvalidOperationException($"{request.RequestUri} is not at {emulator.BaseAddress}.");

        using var timedOut = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, time);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timedOut.Token);
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(left.Token) : [];
        var exchange = new EmulatorExchange(request, body) { RequestAborted = left.Token };

        await emulator.HandleAsync(exchange.Context);

        left.Token.ThrowIfCancellationRequested();
        return exchange.IsAborted
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection broke.")
            : Reply(request, exchange);
    }

    private static HttpResponseMessage Reply(HttpRequestMessage request, EmulatorExchange exchange)
    {
        var from = exchange.Context.Response;
        var reply = new HttpResponseMessage((HttpStatusCode)from.StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(exchange.ReplyBody),
        };
        foreach (var (name, values) in from.Headers)
        {
            if (!reply.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                reply.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        return reply;
    }
}
