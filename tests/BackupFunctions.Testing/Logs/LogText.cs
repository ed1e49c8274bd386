using System.Collections;
using System.Globalization;

namespace BackupFunctions.Testing;

/// <summary>The text that a curious sink could make of the objects passed to a logger.</summary>
internal static class LogText
{
    private const int MaxDepth = 3;

    public static IReadOnlyList<KeyValuePair<string, string>> ValuesOf(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> pairs
            ?
            [
                .. pairs
                    .Where(pair => pair.Key != "{OriginalFormat}")
                    .Select(pair => KeyValuePair.Create(pair.Key, Of(pair.Value))),
            ]
            : [];

    public static string OfScope(object state) =>
        string.Join(", ", ValuesOf(state).Select(pair => $"{pair.Key}={pair.Value}").Prepend(Of(state, MaxDepth)));

    public static string Of(object? value, int depth = 0) =>
        value switch
        {
            null => "null",
            string text => text,
            byte[] bytes => Convert.ToBase64String(bytes),
            KeyValuePair<string, object?> pair => $"{pair.Key}={Of(pair.Value, depth + 1)}",
            IEnumerable many when depth < MaxDepth =>
                $"{value}: {string.Join(", ", many.Cast<object?>().Select(one => Of(one, depth + 1)))}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
