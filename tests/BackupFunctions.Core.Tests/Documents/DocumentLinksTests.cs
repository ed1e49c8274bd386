using BackupFunctions.Problems;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Documents;

public sealed class DocumentLinksTests
{
    private static readonly string[] NotOurs = [".git", "artifacts", "node_modules"];

    public static TheoryData<string> Documents =>
        [
            .. Directory
                .EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.Root, file))
                .Where(file => !file.Split('/', '\\').Intersect(NotOurs, StringComparer.Ordinal).Any()),
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_to_a_heading_in_it(string document)
    {
        var file = Path.Combine(Repository.Root, document);

        Assert.All(LinksOf(document), link =>
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = path.Length == 0 ? file : Path.GetFullPath(path, Path.GetDirectoryName(file)!);
            Assert.True(
                File.Exists(target) || Directory.Exists(target),
                $"{document} links to {link}, which is not there."
            );
            Assert.True(
                anchor is null || Markdown.Anchors(File.ReadAllText(target)).Contains(anchor),
                $"{document} links to {link}, and there is no such heading."
            );
        });
    }

    [Fact]
    public void There_are_links_to_files_and_to_headings()
    {
        var links = Documents.SelectMany(document => LinksOf(document.Data)).ToList();

        Assert.Contains(links, link => !link.Contains('#', StringComparison.Ordinal));
        Assert.Contains(links, link => link.Contains('#', StringComparison.Ordinal));
    }

    [Fact]
    public void A_link_may_have_a_title_and_code_has_neither_links_nor_headings()
    {
        const string Text = """
            # A heading, and more
            A [link](a.md#b "its title") and [another](b.md).
            ```sh
            # a comment
            echo [no link](c.md)
            ```
            ## The_last
            """;

        Assert.Equal(["a.md#b", "b.md"], Markdown.Links(Text));
        Assert.Equal(["a-heading-and-more", "the_last"], Markdown.Anchors(Text));
    }

    [Fact]
    public void Whose_flow_gets_424_finds_every_type_of_it()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "by-task.md"));
        var types = Enum.GetValues<FailureKind>().Select(ProblemType.Of).Where(type => type.Status == 424).ToList();

        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.Contains($"`{type.Name}`", text, StringComparison.Ordinal));
    }

    /// <summary>Its links to what is here.</summary>
    private static IEnumerable<string> LinksOf(string document) =>
        Markdown
            .Links(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Where(link => !link.Contains("://", StringComparison.Ordinal));
}
