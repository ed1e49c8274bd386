using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>The reply that an emulator is about to send; faults can still alter it.</summary>
internal sealed record Reply(int Status)
{
    // Vendors do not escape plus signs and apostrophes as System.Text.Json does by default.
    private static readonly JsonSerializerOptions AsVendorsWriteIt = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes the body piece by piece, in place of <see cref="Body"/>.</summary>
    public Func<Stream, CancellationToken, Task>? Stream { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether the connection breaks instead of carrying the reply.</summary>
    public bool Lost { get; init; }

    /// <summary>Whether to omit the Date header.</summary>
    public bool Undated { get; init; }

    public static Reply Text(int status, string body, string contentType) =>
        new(status) { ContentType = contentType, Body = Encoding.UTF8.GetBytes(body) };

    public static Reply Json(int status, JsonNode body, string contentType = "application/json; charset=utf-8") =>
        Text(status, body.ToJsonString(AsVendorsWriteIt), contentType);

    public static Reply NotFound() => new(StatusCodes.Status404NotFound);

    public Reply WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    /// <summary>RFC 6749 section 5.1: a reply with tokens must not be stored.</summary>
    public Reply NotStored() => WithHeader("Cache-Control", "no-store").WithHeader("Pragma", "no-cache");

    public async Task SendAsync(HttpContext context, DateTimeOffset now)
    {
        if (Lost)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);
        if (Undated)
            context.Features.Get<UndatedReplies>()?.Expect();
        else if (response.Headers.Date.Count == 0)
            response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);

        if (Stream is not null)
        {
            await Stream(response.Body, context.RequestAborted);
        }
        else if (Status is not StatusCodes.Status204NoContent)
        {
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }
}
