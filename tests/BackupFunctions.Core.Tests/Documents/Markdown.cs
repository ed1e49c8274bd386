using System.Text.RegularExpressions;

namespace BackupFunctions.Core.Tests.Documents;

/// <summary>
/// What a document links to, and what of it can be linked to. What stands in a block of code is neither.
/// </summary>
internal static partial class Markdown
{
    /// <summary>
    /// The targets of its links. Only one way to write them is known, <c>[text](target "title")</c>, the title
    /// optional.
    /// </summary>
    public static IReadOnlyList<string> Links(string text)
    {
        var prose = string.Join('\n', Prose(text));
        var links = Link().Matches(prose).Select(match => match.Groups["link"].Value).ToList();
        Assert.Equal(AnyLink().Count(prose), links.Count);
        return links;
    }

    /// <summary>
    /// The anchors of its headings as GitHub makes them: lower case, spaces to hyphens, without what is neither letter,
    /// digit, hyphen nor underscore.
    /// </summary>
    public static IEnumerable<string> Anchors(string text) =>
        Prose(text)
            .Where(line => line.StartsWith('#'))
            .Select(line => NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-'), ""));

    private static IEnumerable<string> Prose(string text)
    {
        var isCode = false;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(
        @"\]\((?<link>[^)<>\s]+)(\s+""[^""]*"")?\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Link();

    // Of a target in brackets, or one that stands elsewhere, too.
    [GeneratedRegex(
        @"\]\(|\]\[|^\s*\[[^\]]+\]:",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex AnyLink();

    [GeneratedRegex("[^a-z0-9_-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoAnchor();
}
