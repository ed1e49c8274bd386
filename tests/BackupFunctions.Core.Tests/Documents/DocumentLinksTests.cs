using System.Text.RegularExpressions;
using BackupFunctions.Http;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Documents;

public sealed partial class DocumentLinksTests
{
    public static TheoryData<string> Documents =>
    [
        .. new[] { "docs", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories))
            .Concat([Path.Combine(Repository.Root, "README.md"), Path.Combine(Repository.Root, "infra", "README.md")])
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_to_a_heading_in_it(string document)
    {
        var file = Path.Combine(Repository.Root, document);

        Assert.All(Links(File.ReadAllText(file)), link =>
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = path.Length == 0 ? file : Path.GetFullPath(path, Path.GetDirectoryName(file)!);
            Assert.True(File.Exists(target) || Directory.Exists(target), $"{document} links to {link}, which is not there.");
            Assert.True(anchor is null || Headings(target).Contains(anchor), $"{document} links to {link}, and there is no such heading.");
        });
    }

    [Fact]
    public void Whose_flow_gets_424_finds_every_type_of_it()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "by-task.md"));

        Assert.All(
            Enum.GetValues<FailureKind>().Select(ProblemType.Of).Where(type => type.Status == 424),
            type => Assert.Contains($"`{type.Name}`", text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Links(string text) =>
        Link().Matches(text).Select(match => match.Groups["link"].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

    // As GitHub makes them: lower case, spaces to hyphens, without what is neither letter, digit, hyphen nor underscore.
    private static IEnumerable<string> Headings(string file) =>
        File.ReadLines(file).Where(line => line.StartsWith('#'))
            .Select(line => NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-'), ""));

    [GeneratedRegex(@"\]\((?<link>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("[^a-z0-9_-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoAnchor();
}
