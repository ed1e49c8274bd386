namespace BackupFunctions.Settings;

/// <summary>Which headers a setting may name, and which values they may have.</summary>
internal static class HttpHeader
{
    private const int LongestName = 80;

    /// <summary>Those that HTTP or the client itself decides (RFC 9110 sections 7.2, 7.6.1 and 8; RFC 9112).</summary>
    private static readonly string[] Reserved =
    [
        "Accept",
        "Connection",
        "Cookie",
        "Expect",
        "Host",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ];

    private static readonly string[] ReservedPrefixes = ["Content-", "Proxy-"];

    /// <summary>Whether a name is a header's (RFC 9110 section 5.6.2), and a request may have it.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.All(one => char.IsAsciiLetterOrDigit(one) || "!#$%&'*+-.^_`|~".Contains(one))
        && !Reserved.Contains(text, StringComparer.OrdinalIgnoreCase)
        && !ReservedPrefixes.Any(prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a text can be a value: visible ASCII, and spaces in between.</summary>
    public static bool IsValue(string text) => text.Length > 0 && text.All(one => one is >= ' ' and <= '~');
}
