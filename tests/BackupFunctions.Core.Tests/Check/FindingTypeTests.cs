using System.Reflection;
using System.Text.RegularExpressions;
using BackupFunctions.Check;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Check;

/// <summary>Compares docs/check.md with the code.</summary>
public sealed partial class FindingTypeTests
{
    private static readonly IReadOnlyList<FindingType> Types =
    [
        .. typeof(FindingType)
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(field => field.FieldType == typeof(FindingType))
            .Select(field => (FindingType)field.GetValue(null)!),
    ];

    [Fact]
    public void The_document_lists_exactly_the_findings_with_their_levels()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "check.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => (match.Groups["id"].Value, match.Groups["level"].Value));

        Assert.Equal(Types.Select(type => (type.Id, type.Level.ToString().ToLowerInvariant())).Order(), rows.Order());
    }

    [Fact]
    public void Ids_are_unique_and_in_kebab_case()
    {
        Assert.NotEmpty(Types);
        Assert.All(Types, type => Assert.Matches("^[a-z]+(-[a-z]+)*$", type.Id));
        Assert.Equal(Types.Count, Types.Select(type => type.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [GeneratedRegex(
        @"^\| `(?<id>[a-z-]+)` \| (?<level>\w+) \| .{20,} \|$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();
}
