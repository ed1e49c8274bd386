using System.Globalization;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>Lists in pages of 25 at most, each with a link to the next.</summary>
internal static class SecretPage
{
    private const int Longest = 25;

    /// <exception cref="VaultRefusalException">The page that is asked for cannot be.</exception>
    public static Reply Of<T>(HttpRequest request, string vault, IReadOnlyList<T> all, Func<T, JsonObject> write)
    {
        var size = Number(request, "maxresults", fallback: Longest);
        var start = Number(request, "$skiptoken", fallback: 0);
        if (size is < 1 or > Longest)
            throw VaultRefusal.BadParameter("Invalid value for maxresults: must be between 1 and 25.");

        var next = start + size;
        return Reply.Json(
            StatusCodes.Status200OK,
            new JsonObject
            {
                ["value"] = new JsonArray([.. all.Skip(start).Take(size).Select(write)]),
                ["nextLink"] =
                    next < all.Count
                        ? $"{vault}{request.Path}?api-version={request.Query["api-version"]}&$skiptoken={next}&maxresults={size}"
                        : null,
            }
        );
    }

    private static int Number(HttpRequest request, string name, int fallback) =>
        request.Query[name].ToString() is not { Length: > 0 } text ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw VaultRefusal.BadParameter($"Invalid value for {name}.");
}
