using System.Globalization;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>A way in which a reply can go wrong. The set is closed: these factory methods are all there are.</summary>
public abstract class Fault
{
    private protected Fault() { }

    /// <summary>Answers with this status in place of the true reply; the request is not handled.</summary>
    /// <param name="code">The HTTP status.</param>
    /// <param name="body">The body; none if null.</param>
    /// <param name="contentType">The declared content type; plain text if null.</param>
    /// <param name="retryAfter">RFC 9110 section 10.2.3: Retry-After in whole seconds.</param>
    /// <param name="retryAfterDate">RFC 9110 section 10.2.3: Retry-After as a date.</param>
    public static Fault Status(
        int code,
        string? body = null,
        string? contentType = null,
        TimeSpan? retryAfter = null,
        DateTimeOffset? retryAfterDate = null
    )
    {
        var reply = body is null ? new Reply(code) : Reply.Text(code, body, contentType ?? "text/plain");
        if (retryAfter is { } wait)
            reply = reply.WithHeader("Retry-After", ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        if (retryAfterDate is { } date)
            reply = reply.WithHeader("Retry-After", date.ToString("R", CultureInfo.InvariantCulture));
        return new InsteadFault(reply);
    }

    /// <summary>Answers with this status and this header in place of the true reply.</summary>
    public static Fault StatusWith(int code, string header, string value) =>
        new InsteadFault(new Reply(code).WithHeader(header, value));

    /// <summary>Answers truly, but this much later on the emulator's time provider.</summary>
    public static Fault Delay(TimeSpan delay) => new DelayFault(delay);

    /// <summary>Never answers; ends when the client disconnects or the server stops.</summary>
    public static Fault Hang() => new HangFault();

    /// <summary>Breaks the connection before the request is handled.</summary>
    public static Fault Reset() => new InsteadFault(new Reply(0) { Lost = true });

    /// <summary>
    /// Handles the request in full, so that tokens are issued and rotated, then breaks the connection.
    /// </summary>
    public static Fault LoseReply() => new AlteredFault(static reply => reply with { Lost = true });

    /// <summary>A web page instead of JSON, as proxies and maintenance pages send.</summary>
    public static Fault Html(int code = StatusCodes.Status200OK) =>
        new InsteadFault(
            Reply.Text(
                code,
                "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>",
                "text/html; charset=utf-8"
            )
        );

    /// <summary>A reply without a body.</summary>
    public static Fault Empty(int code = StatusCodes.Status200OK) =>
        new InsteadFault(new Reply(code) { ContentType = "application/json" });

    /// <summary>A body declared as JSON that is not JSON.</summary>
    public static Fault NotJson() =>
        new InsteadFault(Reply.Text(StatusCodes.Status200OK, "access_token=abc&expires_in=3600", "application/json"));

    /// <summary>The true reply, with the second half of its body missing.</summary>
    public static Fault TruncatedJson() =>
        new AlteredFault(static reply => reply with { Body = reply.Body[..(reply.Body.Length / 2)] });

    /// <summary>A valid JSON reply of about this many bytes.</summary>
    public static Fault Oversize(long bytes) => new InsteadFault(OversizeBody.Plain(bytes));

    /// <summary>A valid JSON reply that is small on the wire and this big when decompressed.</summary>
    public static Fault GzipBomb(long bytes) => new InsteadFault(OversizeBody.Gzip(bytes));

    /// <summary>JSON of this many nested objects.</summary>
    public static Fault DeepJson(int levels = 10_000) =>
        new InsteadFault(
            Reply.Text(
                StatusCodes.Status200OK,
                string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels),
                "application/json"
            )
        );

    /// <summary>The true reply, a byte at a time, this far apart on the emulator's time provider.</summary>
    public static Fault Drip(TimeSpan interval) => new DripFault(interval);

    /// <summary>Redirects the client; one that follows would send its credentials along.</summary>
    public static Fault Redirect(Uri location, int code = StatusCodes.Status307TemporaryRedirect) =>
        new InsteadFault(new Reply(code).WithHeader("Location", location.ToString()));

    /// <summary>The true reply with members of its JSON removed, added or changed.</summary>
    public static Fault EditReply(Action<JsonObject> edit) => new AlteredFault(reply => Edited(reply, edit));

    /// <summary>The true reply without its Date header.</summary>
    public static Fault NoDate() => new AlteredFault(static reply => reply with { Undated = true });

    /// <summary>The true reply with one more header; a <c>Date</c> takes the place of the true one.</summary>
    public static Fault Header(string name, string value) => new AlteredFault(reply => reply.WithHeader(name, value));

    /// <summary>The true reply with its body's bytes changed.</summary>
    public static Fault EditBody(Func<byte[], byte[]> edit) =>
        new AlteredFault(reply => reply with { Body = edit(reply.Body.ToArray()) });

    /// <summary>Both faults in one call, this one outside: <c>Fault.Delay(…).With(Fault.LoseReply())</c>.</summary>
    public Fault With(Fault inner) => new BothFault(this, inner);

    internal abstract Task<Reply> ApplyAsync(HeldCall call, Func<Task<Reply>> answer);

    private static Reply Edited(Reply reply, Action<JsonObject> edit)
    {
        if (JsonNode.Parse(reply.Body.Span) is not JsonObject json)
            return reply;

        edit(json);
        return Reply.Json(reply.Status, json, reply.ContentType!) with { Headers = reply.Headers };
    }
}
