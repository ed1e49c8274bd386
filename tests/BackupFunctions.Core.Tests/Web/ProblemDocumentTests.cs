using System.Reflection;
using BackupFunctions.Problems;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Web;

public sealed class ProblemDocumentTests
{
    [Fact]
    public void Every_problem_type_has_a_paragraph_and_there_is_no_other()
    {
        var headings = File.ReadLines(Path.Combine(Repository.Root, "docs", "problems.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..]);

        Assert.Equal(
            Types().Select(type => type.Name).Order(StringComparer.Ordinal),
            headings.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_paragraph_begins_with_its_status()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "problems.md"));

        Assert.All(Types(), type =>
            Assert.StartsWith(
                $"{type.Status}. ",
                lines[Array.IndexOf(lines, $"## {type.Name}") + 2],
                StringComparison.Ordinal
            )
        );
    }

    private static IEnumerable<ProblemType> Types() =>
        typeof(ProblemType)
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.FieldType == typeof(ProblemType))
            .Select(field => (ProblemType)field.GetValue(null)!)
            .Concat(Enum.GetValues<FailureKind>().Select(ProblemType.Of));
}
