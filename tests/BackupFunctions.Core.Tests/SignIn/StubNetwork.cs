using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace BackupFunctions.Core.Tests.SignIn;

/// <summary>
/// A network in memory: returns the test's answers in order, then the last one forever, and records the requests.
/// </summary>
internal sealed class StubNetwork(TimeProvider time) : HttpMessageHandler
{
    private readonly ConcurrentQueue<SentRequest> _sent = new();
    private readonly ConcurrentQueue<DateTimeOffset> _sentAt = new();
    private readonly List<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _answers = [];

    public IReadOnlyList<SentRequest> Sent => [.. _sent];

    public IReadOnlyList<DateTimeOffset> SentAt => [.. _sentAt];

    public StubNetwork Answers(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Add(answer);
        return this;
    }

    public StubNetwork Answers(Func<HttpResponseMessage> answer) => Answers((_, _) => Task.FromResult(answer()));

    public StubNetwork Answers(
        HttpStatusCode status,
        string body = "",
        string contentType = "application/json",
        params (string Name, string Value)[] headers
    ) => Answers(() => Reply(status, body, contentType, headers));

    public StubNetwork Answers(string json) => Answers(HttpStatusCode.OK, json);

    public StubNetwork Fails(Exception exception) =>
        Answers((_, _) => Task.FromException<HttpResponseMessage>(exception));

    public static HttpResponseMessage Reply(
        HttpStatusCode status,
        string body,
        string contentType,
        params (string Name, string Value)[] headers
    )
    {
        var reply = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        foreach (var (name, value) in headers)
        {
            reply.Headers.TryAddWithoutValidation(name, value);
        }

        return reply;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var number = _sent.Count;
        _sent.Enqueue(await SentRequest.OfAsync(request, cancellationToken));
        _sentAt.Enqueue(time.GetUtcNow());
        var reply = await _answers[Math.Min(number, _answers.Count - 1)](request, cancellationToken);
        reply.RequestMessage = request;
        return reply;
    }
}
