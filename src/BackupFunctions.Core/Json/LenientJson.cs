using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BackupFunctions.Json;

/// <summary>
/// The one reader of JSON that others wrote: vendors' replies and tokens (SignIn), the vault's errors (KeyVault),
/// secrets that define a connection (Settings), callers' principals and codes (Web), and the ledger's blobs (Storage).
/// A byte order mark before it is skipped. Nothing but <see cref="Strict"/> throws: what is not there, or not of its
/// kind, is null.
/// </summary>
internal static class LenientJson
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The JSON of a body; null if it is none.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(Utf8(body));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The JSON of a text, read as strictly as the options say.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonDocument Strict(string text, JsonDocumentOptions options) =>
        JsonDocument.Parse(text.StartsWith(ByteOrderMark) ? text.AsMemory(1) : text.AsMemory(), options);

    /// <summary>
    /// The same text in UTF-8 and without a byte order mark, which RFC 8259 section 8.1 allows readers to ignore. The
    /// mark alone tells UTF-16: JSON between systems is UTF-8, whatever a charset says.
    /// </summary>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> text) =>
        text.Span switch
        {
            [0xEF, 0xBB, 0xBF, ..] => text[3..],
            [0xFF, 0xFE, ..] => Encoding.Convert(Encoding.Unicode, Encoding.UTF8, text[2..].ToArray()),
            [0xFE, 0xFF, ..] => Encoding.Convert(Encoding.BigEndianUnicode, Encoding.UTF8, text[2..].ToArray()),
            _ => text,
        };

    /// <summary>A member that is there and not null; of several with one name the last.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The name; in nested objects the names from outside in, parted by slashes.</param>
    public static JsonElement? Member(this JsonElement? json, string name) => name.Split('/').Aggregate(json, MemberOf);

    private static JsonElement? MemberOf(JsonElement? json, string name)
    {
        JsonElement? found = null;
        if (json is { ValueKind: JsonValueKind.Object } root)
        {
            // Not by TryGetProperty, which throws at a name that is no text, even if it is another's.
            foreach (var member in root.EnumerateObject().Where(member => TryRead(() => member.Name) == name))
            {
                found = member.Value;
            }
        }

        return found is { ValueKind: not JsonValueKind.Null } ? found : null;
    }

    /// <summary>A string that is there and not empty.</summary>
    public static string? Text(this JsonElement? json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } value
        && TryRead(value.GetString) is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The texts in a list; what else is in it is skipped.</summary>
    public static IEnumerable<string> Texts(this JsonElement? json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray()
                .Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => TryRead(item.GetString))
                .OfType<string>()
            : [];

    /// <summary>A number, also one in quotes; null if it is missing or not finite.</summary>
    public static double? Number(this JsonElement? json, string name)
    {
        var text = json.Member(name) switch
        {
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            { ValueKind: JsonValueKind.String } value => TryRead(value.GetString),
            _ => null,
        };
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    private static string? TryRead(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: JSON by its grammar, but no text (RFC 8259 section 8.2).
            return null;
        }
    }
}
