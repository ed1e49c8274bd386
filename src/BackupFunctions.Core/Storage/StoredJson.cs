using System.Text.Json;

namespace BackupFunctions.Storage;

/// <summary>
/// Reads the members of a JSON object as far as it is one: what comes before a fault is worth keeping.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads the members.</summary>
    /// <returns>The members, each item of a list as one of its own, and whether the content is an object.</returns>
    public static (IReadOnlyList<(string Name, JsonElement Value)> Members, bool IsWhole) Read(
        ReadOnlySpan<byte> content
    )
    {
        var members = new List<(string, JsonElement)>();
        try
        {
            return (members, TryRead(content, members));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, cut off, or a name that is no text.
            return (members, false);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> content, List<(string, JsonElement)> members)
    {
        var reader = new Utf8JsonReader(content, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                members.Add((name, JsonElement.ParseValue(ref reader)));
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                members.Add((name, JsonElement.ParseValue(ref reader)));
            }
        }

        // Throws if anything follows the object.
        return !reader.Read();
    }
}
