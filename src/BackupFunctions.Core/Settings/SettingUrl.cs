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
