using System.Globalization;
using System.Text.Json;
using Azure;

namespace BackupFunctions.Simulation;

/// <summary>
/// Carries calls to servers and back: each takes a while each way and may meet a mishap, as the server's state has it.
/// </summary>
internal sealed class Network(World world)
{
    /// <summary>How long the SDK's clients wait for one answer.</summary>
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(4);

    private const string Page = "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>";

    /// <summary>A call to a vendor.</summary>
    public Task<HttpResponseMessage> SendAsync(
        Instance from,
        Server server,
        HttpRequestMessage request,
        CancellationToken left
    )
    {
        var body = request.Content?.ReadAsByteArrayAsync(CancellationToken.None);
        var call = new Call(from, request, body is null ? [] : Finished(body), world.Now);
        var mishap = Draw(from, server);
        var answered = new TaskCompletionSource<HttpResponseMessage>();
        var ended = left.UnsafeRegister(_ => answered.TrySetCanceled(left), null);
        _ = answered.Task.ContinueWith(
            task => server.Ended(call),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        server.Sent(call);
        if (mishap == Mishap.Unreachable)
        {
            world.In(world.Chance.Seconds(0.001, 2), from, () =>
                answered.TrySetException(
                    new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused.")
                )
            );
            return answered.Task;
        }

        world.In(Way(), null, () => Arrive(server, call, mishap, answered, ended));
        return answered.Task;
    }

    /// <summary>A call to the vault or to storage, as seen by the SDK's client.</summary>
    public Task<T> AskAsync<T>(Instance from, Server server, Func<T> answer, CancellationToken left)
    {
        var mishap = Draw(from, server);
        var answered = new TaskCompletionSource<T>();
        var ended = left.UnsafeRegister(_ => answered.TrySetCanceled(left), null);
        world.In(Way(), null, () =>
        {
            var (result, failure) = mishap
                is Mishap.None
                    or Mishap.Slow
                    or Mishap.ResetAfter
                    or Mishap.HangAfter
                    or Mishap.Truncated
                    or Mishap.Empty
                ? Try(answer)
                : default;
            if (mishap is Mishap.HangBefore or Mishap.HangAfter)
            {
                world.In(ClientTimeout, from, () =>
                    answered.TrySetException(new TaskCanceledException("The client's time limit."))
                );
                return;
            }

            world.In(mishap is Mishap.Slow ? world.Chance.Seconds(0.5, 3.5) : Way(), from, () =>
            {
                ended.Dispose();
                _ = (Failure(mishap) ?? failure) is { } exception
                    ? answered.TrySetException(exception)
                    : answered.TrySetResult(result!);
            });
        });
        return answered.Task;
    }

    private static (T? Result, Exception? Failure) Try<T>(Func<T> answer)
    {
        try
        {
            return (answer(), null);
        }
        catch (RequestFailedException exception)
        {
            return (default, exception);
        }
    }

    private static Exception? Failure(Mishap mishap) =>
        mishap switch
        {
            Mishap.None or Mishap.Slow => null,
            Mishap.Unreachable or Mishap.ResetBefore or Mishap.ResetAfter => new RequestFailedException(
                "The connection broke."
            ),
            Mishap.ThrottledBare or Mishap.ThrottledDate or Mishap.ThrottledSeconds => new RequestFailedException(
                429,
                "Too many requests."
            ),
            Mishap.Error500 => new RequestFailedException(500, "Internal server error."),
            Mishap.Error502 => new RequestFailedException(502, "Bad gateway."),
            Mishap.Unavailable503 or Mishap.HtmlError => new RequestFailedException(503, "Unavailable."),
            Mishap.Unknown520 => new RequestFailedException(520, "Unknown."),
            Mishap.Forbidden403 => new RequestFailedException(403, "Forbidden."),
            _ => new JsonException("Not JSON."),
        };

    private Mishap Draw(Instance from, Server server)
    {
        var mishap =
            server.Trouble > 0 && world.Chance.Hits(server.Trouble) ? world.Chance.Of(server.Mishaps) : Mishap.None;
        if (mishap != Mishap.None)
        {
            world.Figures.Faults++;
            world.Note($"{server.Name} {mishap} for {from.Name}");
        }

        return mishap;
    }

    private void Arrive(
        Server server,
        Call call,
        Mishap mishap,
        TaskCompletionSource<HttpResponseMessage> answered,
        CancellationTokenRegistration ended
    )
    {
        Answer? answer = Instead(mishap);
        if (answer is null && mishap is not (Mishap.ResetBefore or Mishap.HangBefore))
        {
            answer = server.AnswerTo(call);
            server.Handled(call, answer, mishap);
        }

        if (mishap is Mishap.HangBefore or Mishap.HangAfter)
        {
            return;
        }

        var way = mishap is Mishap.Slow ? world.Chance.Seconds(1, 9) : Way();
        world.In(way, call.From, () =>
        {
            ended.Dispose();
            if (mishap is Mishap.ResetBefore or Mishap.ResetAfter)
            {
                answered.TrySetException(
                    new HttpRequestException(HttpRequestError.ResponseEnded, "The connection broke.")
                );
                return;
            }

            var arrived = mishap switch
            {
                Mishap.Truncated => answer! with { Body = answer.Body[..(answer.Body.Length / 2)] },
                Mishap.Empty => answer! with { Body = [] },
                _ => answer!,
            };
            answered.TrySetResult(arrived.ToMessage(call.Request));
        });
    }

    private Answer? Instead(Mishap mishap) =>
        mishap switch
        {
            Mishap.ThrottledSeconds => Throttled(world.Chance.Of("1", "7", "30", "120", "600", "1800").ToString()),
            Mishap.ThrottledDate => Throttled(
                (world.Now + world.Chance.Seconds(1, 1200)).ToString("R", CultureInfo.InvariantCulture)
            ),
            Mishap.ThrottledBare => new Answer(429, [], null),
            Mishap.Error500 => new Answer(500, [], null),
            Mishap.Error502 => Answer.Text(502, "Bad Gateway", "text/plain"),
            Mishap.Unavailable503 => new Answer(503, [], null),
            Mishap.Unknown520 => Answer.Text(520, Page, "text/html"),
            Mishap.HtmlPage => Answer.Text(200, Page, "text/html; charset=utf-8"),
            Mishap.HtmlError => Answer.Text(503, Page, "text/html; charset=utf-8"),
            _ => null,
        };

    private static Answer Throttled(string retryAfter) =>
        new(429, [], null) { Headers = [new("Retry-After", retryAfter)] };

    private TimeSpan Way() => world.Chance.Seconds(0.002, 0.08);

    private static byte[] Finished(Task<byte[]> body) =>
        body.IsCompletedSuccessfully
            ? body.Result
            : throw new InvalidOperationException("A request's body was not complete.");
}
