namespace BackupFunctions.Settings.Declared;

/// <summary>Which headers a profile may name.</summary>
internal static class HeaderNames
{
    /// <summary>Those that HTTP, the client or the sign-in itself decides.</summary>
    private static readonly string[] Reserved =
    [
        "Accept",
        "Authorization",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "Expect",
        "Host",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ];

    /// <summary>Whether a name is a header's (RFC 9110 section 5.6.2), and a vendor may ask for it.</summary>
    public static bool IsAllowed(string name) =>
        name.Length is > 0 and <= 80
        && name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character))
        && !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);
}
