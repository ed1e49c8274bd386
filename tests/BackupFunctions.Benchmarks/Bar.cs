using System.Globalization;

namespace BackupFunctions.Benchmarks;

/// <summary>A limit that a figure must meet.</summary>
/// <param name="Words">In words: <c>ratio ≤ 0.05</c>.</param>
/// <param name="Holds">Whether the figure meets it.</param>
internal sealed record Bar(string Words, bool Holds)
{
    public static Bar AtMost(string what, double value, double most) => new(Phrase(what, "≤", most), value <= most);

    public static Bar AtLeast(string what, double value, double least) => new(Phrase(what, "≥", least), value >= least);

    public static Bar Exactly(string what, double value, double expected) =>
        new(Phrase(what, "=", expected), value == expected);

    private static string Phrase(string what, string comparison, double limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {comparison} {limit:0.###}");
}
