using Microsoft.Extensions.Logging;

namespace BackupFunctions.Testing;

/// <summary>A log event as a sink could have shown it, in text.</summary>
public sealed record RecordedEvent(
    string Category,
    LogLevel Level,
    EventId EventId,
    string Message,
    IReadOnlyList<KeyValuePair<string, string>> Values,
    IReadOnlyList<string> Scopes,
    string? Exception
)
{
    internal long Size =>
        Message.Length + Values.Sum(value => value.Value.Length) + (Exception?.Length ?? 0) + Scopes.Count;

    internal IEnumerable<(string Place, string Text)> Texts()
    {
        yield return ("message", Message);
        foreach (var (key, text) in Values)
            yield return ($"value {key}", text);
        foreach (var scope in Scopes)
            yield return ("scope", scope);
        if (Exception is not null)
            yield return ("exception", Exception);
    }
}
