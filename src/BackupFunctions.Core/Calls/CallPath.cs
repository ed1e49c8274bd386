using System.Text;

namespace BackupFunctions.Calls;

/// <summary>
/// The part of a request's target that is the vendor's: path and query, exactly as the caller wrote them. It is read
/// from the raw target, so that what is authorised is what is called. Whatever could mean another place to one of the
/// programs on the way is refused: dot segments, empty segments, backslashes and encoded separators, also if they are
/// encoded more than once.
/// </summary>
/// <param name="Path">The path, without a slash in front; empty for the API's URL itself.</param>
/// <param name="Query">The query with its question mark, without the function key; empty for none.</param>
public sealed record CallPath(string Path, string Query)
{
    /// <summary>The longest target, in characters.</summary>
    public const int LongestTarget = 8_192;

    /// <summary>How often a path may be encoded; the Functions host adds one layer.</summary>
    private const int Layers = 3;

    /// <summary>
    /// An empty one in front of the first slash, then <c>api</c>, <c>Call</c>, vendor and connection.
    /// </summary>
    private const int RouteParts = 5;

    /// <summary>The query parameter with which the Functions host takes a key.</summary>
    private const string KeyParameter = "code";

    /// <summary>Reads a request's target.</summary>
    /// <param name="target">The raw target, for example <c>/api/Call/acronis/default/api/2/tenants?limit=5</c>.</param>
    /// <param name="vendor">The vendor that the route named.</param>
    /// <param name="connection">The connection that the route named.</param>
    /// <param name="problem">Null, or what is wrong, in whole sentences.</param>
    public static CallPath? Read(string target, string vendor, string connection, out string? problem)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[mark..]);
        string[] parts = path.Split('/');
        problem = WhatIsWrong(target, parts, query, vendor, connection);
        return problem is null ? new CallPath(string.Join('/', parts[RouteParts..]), WithoutKey(query)) : null;
    }

    private static string? WhatIsWrong(string target, string[] parts, string query, string vendor, string connection)
    {
        if (target.Length > LongestTarget)
        {
            return $"The path and the query have more than {LongestTarget} characters.";
        }

        if (!IsRoute(parts, vendor, connection))
        {
            return "The path is not what it was routed by. Write /api/Call/{vendor}/{connection}/ and then the "
                + "vendor's path, without dot segments.";
        }

        if (SegmentsOf(parts).Any(segment => !IsPlain(segment)))
        {
            return "The vendor's path has an empty or a dot segment, a backslash, an encoded separator, or a character "
                + "that does not belong in a path. Put such values into the query, or encode them.";
        }

        return query.All(character => character is > ' ' and <= '~' and not '#')
            ? null
            : "The query has a character that must be encoded.";
    }

    /// <summary>Whether the raw path names what the router found.</summary>
    private static bool IsRoute(string[] parts, string vendor, string connection) =>
        parts.Length >= RouteParts
        && parts[0].Length == 0
        && parts[1].Equals("api", StringComparison.OrdinalIgnoreCase)
        && parts[2].Equals("Call", StringComparison.OrdinalIgnoreCase)
        && parts[3].Equals(vendor, StringComparison.OrdinalIgnoreCase)
        && parts[4].Equals(connection, StringComparison.OrdinalIgnoreCase);

    /// <summary>The segments; a slash at the end of a path starts none.</summary>
    private static string[] SegmentsOf(string[] parts) =>
        parts is [.., ""] ? parts[RouteParts..^1] : parts[RouteParts..];

    private static bool IsPlain(string segment)
    {
        var text = segment;
        if (text.Length == 0 || !text.All(IsPathCharacter))
        {
            return false;
        }

        for (var layer = 0; layer <= Layers; layer++)
        {
            if (text is "." or ".." || text.Any(IsSeparator))
            {
                return false;
            }

            if (Decode(text) is not { } decoded)
            {
                // A percent sign that encodes nothing: at first an error, further in the caller's own.
                return layer > 0;
            }

            if (decoded == text)
            {
                return true;
            }

            text = decoded;
        }

        return false;
    }

    /// <summary>
    /// What may part a path, or end one: also bytes that are no UTF-8, which some servers take for a slash.
    /// </summary>
    private static bool IsSeparator(char character) =>
        character is '/' or '\\' or '?' or '#' or '\uFFFD' || char.IsControl(character);

    /// <summary>RFC 3986 section 3.3: <c>pchar</c>.</summary>
    private static bool IsPathCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "-._~!$&'()*+,;=:@%".Contains(character, StringComparison.Ordinal);

    /// <summary>
    /// One layer of percent-encoding less; null where a percent sign is not followed by two hex digits.
    /// </summary>
    private static string? Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (rest[0] != '%')
            {
                var end = rest.IndexOf('%');
                var plain = end < 0 ? rest : rest[..end];
                bytes.AddRange(Encoding.UTF8.GetBytes(plain.ToString()));
                rest = rest[plain.Length..];
            }
            else if (rest.Length > 2 && char.IsAsciiHexDigit(rest[1]) && char.IsAsciiHexDigit(rest[2]))
            {
                bytes.Add(Convert.FromHexString(rest.Slice(1, 2))[0]);
                rest = rest[3..];
            }
            else
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string WithoutKey(string query)
    {
        if (query.Length < 2)
        {
            return query;
        }

        var kept = query[1..].Split('&').Where(pair => !IsKey(pair)).ToList();
        return kept.Count == 0 ? "" : $"?{string.Join('&', kept)}";
    }

    private static bool IsKey(string pair) =>
        Uri.UnescapeDataString(pair.Split('=')[0]).Equals(KeyParameter, StringComparison.OrdinalIgnoreCase);
}
