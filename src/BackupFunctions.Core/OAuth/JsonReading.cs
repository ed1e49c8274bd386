using System.Globalization;
using System.Text.Json;

namespace BackupFunctions.OAuth;

/// <summary>Reads members of a vendor's JSON without ever throwing: what is not there, or not of its kind, is null.</summary>
internal static class JsonReading
{
    /// <summary>A member that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null
            ? value
            : null;

    /// <summary>A string that is there and not empty.</summary>
    public static string? Text(this JsonElement? json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } value && TryGetString(value) is { Length: > 0 } text ? text : null;

    /// <summary>A number, also one in quotes, its fraction cut off. False only if something is there that is no number of sane size.</summary>
    public static bool TryNumber(this JsonElement? json, string name, out long? number)
    {
        number = null;
        var text = json.Member(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            { ValueKind: JsonValueKind.String } value => TryGetString(value) ?? "?",
            _ => "?",
        };
        if (text is null)
        {
            return true;
        }

        // Beyond a million years nothing is an instant or a lifetime.
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value64) || !(Math.Abs(value64) < 3e13))
        {
            return false;
        }

        number = (long)value64;
        return true;
    }

    private static string? TryGetString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: JSON by its grammar, but no text (RFC 8259 section 8.2).
            return null;
        }
    }
}
