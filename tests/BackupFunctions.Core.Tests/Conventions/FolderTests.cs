using System.Text.RegularExpressions;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Conventions;

/// <summary>The rules that keep the house easy to enter. They hold for every source file of src.</summary>
public sealed partial class FolderTests
{
    private const int MostFilesPerFolder = 20;
    private const int LongestFile = 200;
    private const int LongestLine = 120;

    private static readonly string Root = Path.Combine(Repository.Root, "src");

    private static IReadOnlyList<string> SourceFiles { get; } =
    [
        .. Directory
            .EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Generated().IsMatch(file))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void No_two_folders_of_Core_depend_on_each_other()
    {
        var dependencies = Dependencies();

        var cycles = dependencies.Keys.Where(folder => Reachable(dependencies, folder).Contains(folder));

        Assert.True(dependencies.Count > 15, "The folders of Core were not found.");
        Assert.Empty(cycles);
    }

    [Fact]
    public void A_cycle_of_three_folders_is_found()
    {
        var dependencies = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
        {
            ["A"] = new HashSet<string> { "B" },
            ["B"] = new HashSet<string> { "C" },
            ["C"] = new HashSet<string> { "A" },
            ["D"] = new HashSet<string> { "A" },
        };

        var cycles = dependencies.Keys.Where(folder => Reachable(dependencies, folder).Contains(folder));

        Assert.Equal(["A", "B", "C"], cycles);
    }

    [Fact]
    public void No_folder_has_more_than_twenty_files() =>
        Assert.Empty(
            SourceFiles
                .CountBy(file => Path.GetDirectoryName(file)!)
                .Where(folder => folder.Value > MostFilesPerFolder)
                .Select(folder => $"{Path.GetRelativePath(Root, folder.Key)}: {folder.Value}")
        );

    [Fact]
    public void No_source_file_has_more_than_two_hundred_lines() =>
        Assert.Empty(
            SourceFiles
                .Select(file => (Name: Path.GetRelativePath(Root, file), Lines: File.ReadLines(file).Count()))
                .Where(file => file.Lines > LongestFile)
                .Select(file => $"{file.Name}: {file.Lines}")
        );

    [Fact]
    public void No_line_of_C_sharp_is_longer_than_120_columns() =>
        Assert.Empty(
            SourceFiles.SelectMany(file =>
                File.ReadLines(file)
                    .Select((line, index) => (Text: line, Number: index + 1))
                    .Where(line => line.Text.Length > LongestLine)
                    .Select(line => $"{Path.GetRelativePath(Root, file)}:{line.Number}")
            )
        );

    [Fact]
    public void Nothing_cites_a_document_that_readers_do_not_have() =>
        Assert.Empty(
            SourceFiles
                .Where(file => MissingDocument().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetRelativePath(Root, file))
        );

    private static Dictionary<string, IReadOnlySet<string>> Dependencies()
    {
        var core = Path.Combine(Root, "BackupFunctions.Core");
        return SourceFiles
            .Where(file => file.StartsWith(core, StringComparison.Ordinal) && Path.GetDirectoryName(file) != core)
            .GroupBy(file =>
                Path.GetRelativePath(core, Path.GetDirectoryName(file)!).Replace('/', '.').Replace('\\', '.')
            )
            .ToDictionary(
                folder => folder.Key,
                folder =>
                    (IReadOnlySet<string>)
                        folder
                            .SelectMany(file => Usings().Matches(File.ReadAllText(file)))
                            .Select(match => match.Groups["folder"].Value)
                            .Where(used => used != folder.Key)
                            .ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal
            );
    }

    private static HashSet<string> Reachable(
        IReadOnlyDictionary<string, IReadOnlySet<string>> dependencies,
        string from
    )
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([from]);
        while (next.TryPop(out var folder))
        {
            foreach (var used in dependencies.GetValueOrDefault(folder) ?? new HashSet<string>())
            {
                if (reached.Add(used))
                {
                    next.Push(used);
                }
            }
        }

        return reached;
    }

    [GeneratedRegex(
        @"^using (?:static )?BackupFunctions\.(?<folder>[\w.]+);",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Usings();

    [GeneratedRegex(@"[\\/](obj|bin|artifacts)[\\/]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Generated();

    [GeneratedRegex(@"\b(design|vendors|platform|house-review|style)\.md\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MissingDocument();
}
