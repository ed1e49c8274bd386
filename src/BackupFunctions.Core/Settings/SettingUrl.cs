namespace BackupFunctions.Settings;

/// <summary>
/// The rules for a URL in a setting: https, or http at a loopback address; nothing but scheme, host, port and path.
/// </summary>
internal static class SettingUrl
{
    /// <summary>What stands for a URL that is none. Nothing is ever there (RFC 2606).</summary>
    public static readonly Uri None = new("https://invalid.invalid");

    /// <summary>
    /// What is wrong with a URL, as the rest of a sentence about its setting; null if nothing is. The text is never
    /// shown: there may be a password or a key in it, or it may be one.
    /// </summary>
    public static string? Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return "is not an absolute URL.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "has a user or password in it, which does not belong into a URL.";
        }

        if (url.Host.Equals("portal.azure.com", StringComparison.OrdinalIgnoreCase))
        {
            return "is the address of a page of the Azure portal.";
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return $"must end before '{(url.Query.Length > 0 ? '?' : '#')}'.";
        }

        return url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)
            ? null
            : "must begin with https:// (http:// is accepted for a loopback address alone).";
    }

    /// <summary>The URL without a slash at the end of its path.</summary>
    public static Uri Parse(string text) => Check(text) is null ? new Uri(text.TrimEnd('/'), UriKind.Absolute) : None;
}

/// <summary>What comes along when a value is pasted, or stands in its place.</summary>
internal static class SettingText
{
    /// <summary>Opening and closing quotes; a value in one of these pairs was not meant to have them.</summary>
    private static readonly string[] Quotes = ["\"\"", "''", "``", "“”", "„“", "‘’", "«»"];

    private static readonly (string Start, string End)[] Placeholders =
    [
        ("<", ">"),
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("%", "%"),
    ];

    /// <summary>
    /// What is wrong with a value whatever it should be, as the rest of a sentence about its setting, and what to do;
    /// null if nothing is. The value is never shown.
    /// </summary>
    public static (string Problem, string Remedy)? WhatIsWrong(string text)
    {
        if (
            text.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("@Microsoft.AppConfiguration(", StringComparison.OrdinalIgnoreCase)
        )
        {
            return (
                "is a reference that the platform did not resolve.",
                "In the portal, the app's environment variables say why: often the app's identity may not read it, or "
                    + "its address is wrong. Outside Azure, nothing resolves references."
            );
        }

        if (Quotes.Any(pair => text.Length > 1 && text[0] == pair[0] && text[^1] == pair[1]))
        {
            return ("is in quotes.", "Leave the quotes out.");
        }

        return text is "…" or "..." || Placeholders.Any(one => IsBetween(text, one.Start, one.End))
            ? ("is a placeholder.", "Give the real value.")
            : null;
    }

    private static bool IsBetween(string text, string start, string end) =>
        text.Length > start.Length + end.Length
        && text.StartsWith(start, StringComparison.Ordinal)
        && text.EndsWith(end, StringComparison.Ordinal);
}
