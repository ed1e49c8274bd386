using System.Globalization;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>Lists in pages of at most 25, each with a link to the next.</summary>
internal static class SecretPage
{
    private const int Longest = 25;

    /// <exception cref="VaultRefusalException">The requested page does not exist.</exception>
    public static Reply Of<T>(HttpRequest request, string vault, IReadOnlyList<T> all, Func<T, JsonObject> write)
    {
        var size = Number(request, "maxresults", fallback: Longest);
        var start = Number(request, "$skiptoken", fallback: 0);
        if (size is < 1 or > Longest)
            throw VaultRefusal.BadParameter("Invalid value for maxresults: must be between 1 and 25.");

        var next = start + size;
        var version = request.Query["api-version"];
        var nextPage = $"{vault}{request.Path}?api-version={version}&$skiptoken={next}&maxresults={size}";
        return Reply.Json(
            StatusCodes.Status200OK,
            new JsonObject
            {
                ["value"] = new JsonArray([.. all.Skip(start).Take(size).Select(write)]),
                ["nextLink"] = next < all.Count ? nextPage : null,
            }
        );
    }

    private static int Number(HttpRequest request, string name, int fallback)
    {
        var text = request.Query[name].ToString();
        if (text.Length == 0)
            return fallback;

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw VaultRefusal.BadParameter($"Invalid value for {name}.");
    }
}
