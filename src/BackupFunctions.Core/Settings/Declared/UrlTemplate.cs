using System.Text.RegularExpressions;

namespace BackupFunctions.Settings.Declared;

/// <summary>
/// A URL with values in braces, such as <c>https://{Account}.example.com</c>. No value can lead to another host: values
/// have no separators, and in the host at least two fixed labels follow the last of them.
/// </summary>
internal static partial class UrlTemplate
{
    /// <summary>The names in braces.</summary>
    public static IReadOnlyList<string> Names(string template) =>
        [.. Placeholder().Matches(template).Select(match => match.Groups["name"].Value)];

    /// <summary>What is wrong with a template, as the rest of a sentence; null if nothing is.</summary>
    public static string? Check(string template)
    {
        var example = Placeholder().Replace(template, "x");
        if (example.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            return "has a brace that does not belong to the name of a value.";
        }

        if (SettingUrl.Check(example) is { } problem)
        {
            return problem;
        }

        var authority = template.Split("://", 2)[1].Split('/', 2)[0];
        return authority.Contains('{', StringComparison.Ordinal) && !EndsFixed().IsMatch(authority)
            ? "lets a connection's value choose the host."
            : null;
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z][A-Za-z0-9]{0,39})\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    /// <summary>Values stand in front of a dot and two fixed labels at least, and nowhere after them.</summary>
    [GeneratedRegex(
        @"^[A-Za-z0-9{}.-]*\}[A-Za-z0-9-]*(\.[A-Za-z0-9-]+){2,}(:[0-9]+)?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex EndsFixed();
}
