using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace BackupFunctions.Emulators;

/// <summary>
/// A fault in the control API. <c>kind</c> is one of: <c>status</c> (status, body, contentType, retryAfter in
/// seconds), <c>delay</c> and <c>drip</c> (milliseconds), <c>hang</c>, <c>reset</c>, <c>lose-reply</c>, <c>html</c> and
/// <c>empty</c> (status), <c>not-json</c>, <c>truncated-json</c>, <c>oversize</c> and <c>gzip-bomb</c> (bytes),
/// <c>deep-json</c> (levels), <c>redirect</c> (location, status), <c>edit-reply</c> (remove: names, set: members),
/// <c>no-date</c>.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultOrder(string Endpoint, string Kind)
{
    public int Times { get; init; } = int.MaxValue;

    public int? Status { get; init; }

    public string? Body { get; init; }

    public string? ContentType { get; init; }

    public int? RetryAfter { get; init; }

    public int Milliseconds { get; init; } = 1_000;

    public long Bytes { get; init; } = 1_000_000;

    public int Levels { get; init; } = 10_000;

    public Uri? Location { get; init; }

    public IReadOnlyList<string> Remove { get; init; } = [];

    public JsonObject Set { get; init; } = [];

    /// <exception cref="FormatException">The kind is unknown or lacks a parameter.</exception>
    /// <exception cref="ArgumentException">The endpoint is unknown.</exception>
    public void AddTo(Faults faults) => faults.Add(Endpoint ?? "", Fault(), Times);

    private Fault Fault() =>
        Kind switch
        {
            "status" when Status is { } status => Emulators.Fault.Status(
                status,
                Body,
                ContentType,
                RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null
            ),
            "delay" => Emulators.Fault.Delay(TimeSpan.FromMilliseconds(Milliseconds)),
            "drip" => Emulators.Fault.Drip(TimeSpan.FromMilliseconds(Milliseconds)),
            "hang" => Emulators.Fault.Hang(),
            "reset" => Emulators.Fault.Reset(),
            "lose-reply" => Emulators.Fault.LoseReply(),
            "html" => Emulators.Fault.Html(Status ?? StatusCodes.Status200OK),
            "empty" => Emulators.Fault.Empty(Status ?? StatusCodes.Status200OK),
            "not-json" => Emulators.Fault.NotJson(),
            "truncated-json" => Emulators.Fault.TruncatedJson(),
            "oversize" => Emulators.Fault.Oversize(Bytes),
            "gzip-bomb" => Emulators.Fault.GzipBomb(Bytes),
            "deep-json" => Emulators.Fault.DeepJson(Levels),
            "redirect" when Location is not null => Emulators.Fault.Redirect(
                Location,
                Status ?? StatusCodes.Status307TemporaryRedirect
            ),
            "edit-reply" => Emulators.Fault.EditReply(Edit),
            "no-date" => Emulators.Fault.NoDate(),
            "status" => throw new FormatException("A 'status' fault needs a 'status'."),
            "redirect" => throw new FormatException("A 'redirect' fault needs a 'location'."),
            _ => throw new FormatException($"'{Kind}' is not a kind of fault."),
        };

    private void Edit(JsonObject reply)
    {
        foreach (var name in Remove)
            reply.Remove(name);
        foreach (var (name, value) in Set)
            reply[name] = value?.DeepClone();
    }
}
