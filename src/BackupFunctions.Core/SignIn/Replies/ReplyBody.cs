using System.Text;
using System.Text.Json;
using BackupFunctions.Json;

namespace BackupFunctions.SignIn.Replies;

/// <summary>
/// What a reply's body is, judged by its bytes: proxies label pages as JSON, and vendors label JSON as text.
/// </summary>
internal sealed class ReplyBody
{
    private ReplyBody(BodyKind kind, JsonElement? json, string words) => (Kind, Json, Words) = (kind, json, words);

    /// <summary>What it is.</summary>
    public BodyKind Kind { get; }

    /// <summary>Its JSON; null if it is not JSON.</summary>
    public JsonElement? Json { get; }

    /// <summary>What it is in words, such as "an HTML page".</summary>
    public string Words { get; }

    /// <summary>What helps if it came in place of a token; null if only waiting does.</summary>
    public string? Remedy =>
        Kind switch
        {
            BodyKind.Compressed =>
                "The request allowed no compression: a proxy on the way must leave replies as they are.",
            BodyKind.Page or BodyKind.Xml or BodyKind.Text => "A proxy or a maintenance page may have answered. "
                + "If this continues, check the address in the settings.",
            _ => null,
        };

    /// <summary>Whether the reply is a problem (RFC 9457), by its content type or its members.</summary>
    public bool IsProblem { get; private init; }

    /// <summary>Reads a reply whose body has arrived.</summary>
    public static async Task<ReplyBody> OfAsync(HttpResponseMessage reply)
    {
        var headers = reply.Content.Headers;
        var type = headers.ContentType?.MediaType ?? "";
        return Of(await reply.Content.ReadAsByteArrayAsync(), type, headers.ContentEncoding.LastOrDefault());
    }

    /// <summary>Reads a body.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="type">Its media type; empty if unknown.</param>
    /// <param name="encoding">The last of its content encodings; null if none is named.</param>
    public static ReplyBody Of(ReadOnlyMemory<byte> bytes, string type = "", string? encoding = null)
    {
        if (LenientJson.Parse(bytes) is { } json)
        {
            return new ReplyBody(BodyKind.Json, json, "JSON") { IsProblem = IsProblemJson(json, type) };
        }

        if (CompressionOf(bytes.Span, encoding) is { } compression)
        {
            return new ReplyBody(BodyKind.Compressed, json: null, $"a compressed body ({compression})");
        }

        var kind = KindOf(LenientJson.Utf8(bytes).Span);
        return new ReplyBody(kind, json: null, WordsOf(kind));
    }

    private static bool IsProblemJson(JsonElement? json, string type) =>
        json is { ValueKind: JsonValueKind.Object }
        && (
            type.Equals("application/problem+json", StringComparison.OrdinalIgnoreCase)
            || (json.Text("title") is not null && (json.Number("status") ?? json.Text("type")?.Length) is not null)
        );

    // Magic numbers: RFC 1952 section 2.3.1, RFC 8878 section 3.1.1.
    private static string? CompressionOf(ReadOnlySpan<byte> bytes, string? encoding) =>
        bytes switch
        {
            [] => null,
            [0x1F, 0x8B, ..] => "gzip",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
            _ => NameOf(encoding),
        };

    /// <summary>An encoding without a magic number, as we name it: a stranger wrote its label.</summary>
    private static string? NameOf(string? encoding) =>
        encoding?.ToLowerInvariant() switch
        {
            null or "identity" or "gzip" or "x-gzip" or "zstd" => null,
            "br" => "Brotli",
            "deflate" => "deflate",
            _ => "of an unknown kind",
        };

    private static BodyKind KindOf(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 1000)]).TrimStart();
        return text switch
        {
            "" => BodyKind.Empty,
            ['{' or '[', ..] => BodyKind.BrokenJson,
            ['<', ..] when IsXml(text) => BodyKind.Xml,
            ['<', ..] => BodyKind.Page,
            _ => BodyKind.Text,
        };
    }

    private static bool IsXml(string text) =>
        text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
        && !text.Contains("<html", StringComparison.OrdinalIgnoreCase);

    private static string WordsOf(BodyKind kind) =>
        kind switch
        {
            BodyKind.Empty => "an empty body",
            BodyKind.Page => "an HTML page",
            BodyKind.Xml => "XML",
            BodyKind.BrokenJson => "incomplete or malformed JSON",
            _ => "plain text",
        };
}

/// <summary>What a reply's body is.</summary>
internal enum BodyKind
{
    /// <summary>JSON of any kind.</summary>
    Json,

    /// <summary>Nothing, or white space.</summary>
    Empty,

    /// <summary>A page for people: whatever sent it is not a token endpoint.</summary>
    Page,

    /// <summary>XML, but no page.</summary>
    Xml,

    /// <summary>What begins as JSON.</summary>
    BrokenJson,

    /// <summary>Any other text or bytes.</summary>
    Text,

    /// <summary>A compressed body, which nobody asked for.</summary>
    Compressed,
}
