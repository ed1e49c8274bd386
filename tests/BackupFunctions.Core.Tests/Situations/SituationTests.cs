using System.Reflection;
using BackupFunctions.Core.Tests.FaultMatrix;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>
/// What the world really sends. A new report is one more row in the file of its kind: <see cref="VendorReplies"/> and
/// the other lists in this folder.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SituationTests
{
    // Every list is found by itself, so that a new one is a new file and nothing else.
    private static readonly IReadOnlyList<Situation> All =
    [
        .. typeof(SituationTests)
            .Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(SituationTests).Namespace)
            .Select(type => type.GetProperty("Rows", BindingFlags.Static | BindingFlags.Public))
            .SelectMany(rows => rows?.GetValue(null) as IReadOnlyList<Situation> ?? [])
            .OrderBy(row => row.Input, StringComparer.Ordinal),
    ];

    public static TheoryData<string> Inputs { get; } = [.. All.Select(row => row.Input)];

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task An_input_of_the_world_gets_the_right_answer(string input)
    {
        var row = All.Single(row => row.Input == input);

        Assert.Equal(row.Right, await row.Try());
    }

    [Fact]
    public void Every_input_has_a_source_and_is_listed_once()
    {
        Assert.All(All, row => Assert.NotEmpty(row.Source));
        Assert.Equal(All.Count, All.Select(row => row.Input).Distinct(StringComparer.Ordinal).Count());
    }
}
