using System.Globalization;
using System.Text.Json;

namespace BackupFunctions.SignIn;

/// <summary>
/// Reads members of a vendor's JSON without ever throwing: what is not there, or not of its kind, is null.
/// </summary>
internal static class LenientJson
{
    /// <summary>The JSON of a body; null if it is none.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member that is there and not null; of several with one name the last.</summary>
    public static JsonElement? Member(this JsonElement? json, string name)
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

    /// <summary>
    /// A number, also one in quotes, its fraction cut off. False only if something is there that is no number of sane
    /// size.
    /// </summary>
    public static bool TryNumber(this JsonElement? json, string name, out long? number)
    {
        number = null;
        var text = json.Member(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            { ValueKind: JsonValueKind.String } value => TryRead(value.GetString) ?? "?",
            _ => "?",
        };
        if (text is null)
        {
            return true;
        }

        // Beyond a million years nothing is an instant or a lifetime.
        if (
            !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value64)
            || !(Math.Abs(value64) < 3e13)
        )
        {
            return false;
        }

        number = (long)value64;
        return true;
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
