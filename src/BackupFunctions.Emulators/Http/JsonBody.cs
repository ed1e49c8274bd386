using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>The JSON object that a request has as its body.</summary>
internal static class JsonBody
{
    /// <summary>Null if the body is not a JSON object, or is not said to be JSON.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return null;

        try
        {
            return await request.ReadFromJsonAsync<JsonObject>(request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member's text; null if it is absent, empty or not a string.</summary>
    public static string? Text(this JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
