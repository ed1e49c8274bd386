using System.Text.Json;

namespace BackupFunctions.Emulators;

/// <summary>Reads the body of a set or an update.</summary>
internal static class SecretChangeReader
{
    /// <exception cref="VaultRefusalException">The service would not accept the body.</exception>
    public static async Task<SecretChange> ReadAsync(HttpRequest request)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            var body = json.RootElement;
            var attributes = Member(body, "attributes");
            return new SecretChange
            {
                Value = Member(body, "value")?.GetString(),
                ContentType = Member(body, "contentType")?.GetString(),
                Enabled = Member(attributes, "enabled")?.GetBoolean(),
                NotBefore = Instant(Member(attributes, "nbf")),
                ExpiresOn = Instant(Member(attributes, "exp")),
                Tags = Member(body, "tags")
                    ?.EnumerateObject()
                    .ToDictionary(
                        static tag => tag.Name,
                        static tag => tag.Value.GetString() ?? "",
                        StringComparer.Ordinal
                    ),
            };
        }
        catch (Exception failure)
            when (failure
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentOutOfRangeException
            )
        {
            throw VaultRefusal.BadParameter("The request body could not be read as JSON of the expected shape.");
        }
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { } value && value.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null
            ? member
            : null;

    private static DateTimeOffset? Instant(JsonElement? seconds) =>
        seconds is { } value ? DateTimeOffset.FromUnixTimeSeconds(value.GetInt64()) : null;
}
