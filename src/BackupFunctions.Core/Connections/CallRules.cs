namespace BackupFunctions.Connections;

/// <summary>What callers may call at one connection: <c>Calls:{Vendor}:{connection}:Allow</c>.</summary>
/// <param name="Rules">The rules; one of them must match.</param>
/// <param name="Problem">Why they cannot be used; null if they can. Then nothing may be called.</param>
public sealed record CallRules(IReadOnlyList<CallRule> Rules, string? Problem = null)
{
    /// <summary>Whether a call is allowed.</summary>
    public bool Allow(string method, string path) => Problem is null && Rules.Any(rule => rule.Matches(method, path));
}

/// <summary>The rules of the connections that have some.</summary>
/// <param name="Of">The rules by connection.</param>
public sealed record CallRuleBook(IReadOnlyDictionary<ConnectionKey, CallRules> Of);

/// <summary>A method and a pattern of paths, such as <c>GET api/2/tenants/*</c>.</summary>
/// <param name="Method">The method, upper case; <c>*</c> for every one.</param>
/// <param name="Segments">
/// The path's segments; <c>*</c> is any one, <c>**</c> at the end any number of them, none included.
/// </param>
public sealed record CallRule(string Method, IReadOnlyList<string> Segments)
{
    private const string AnyOne = "*";
    private const string Rest = "**";

    private static readonly string[] Methods = [AnyOne, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Reads a rule; null if it is none.</summary>
    public static CallRule? TryParse(string text)
    {
        if (
            text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                is not [var method, var pattern]
            || !Methods.Contains(method.ToUpperInvariant(), StringComparer.Ordinal)
        )
        {
            return null;
        }

        var segments = pattern.Trim('/').Split('/');
        return segments.SkipLast(1).Contains(Rest, StringComparer.Ordinal) || segments.Any(IsWrong)
            ? null
            : new CallRule(method.ToUpperInvariant(), segments);
    }

    /// <summary>Whether a call is one of these. Paths are compared decoded, and case counts.</summary>
    public bool Matches(string method, string path)
    {
        if (Method != AnyOne && Method != method)
        {
            return false;
        }

        var segments = path.TrimEnd('/').Split('/');
        var isOpen = Segments[^1] == Rest;
        var wanted = isOpen ? [.. Segments.SkipLast(1)] : Segments;
        return (isOpen ? segments.Length >= wanted.Count : segments.Length == wanted.Count)
            && wanted
                .Zip(segments)
                .All(pair => pair.First == AnyOne || pair.First == Uri.UnescapeDataString(pair.Second));
    }

    private static bool IsWrong(string segment) =>
        segment.Length == 0
        || segment is "." or ".."
        || (segment.Contains('*', StringComparison.Ordinal) && segment is not (AnyOne or Rest))
        || segment.Any(character =>
            char.IsWhiteSpace(character) || char.IsControl(character) || character is '\\' or '?'
        );
}
