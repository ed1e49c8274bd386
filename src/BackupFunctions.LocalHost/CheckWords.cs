using BackupFunctions.Check;

namespace BackupFunctions.LocalHost;

/// <summary>How the console shows groups, levels and the summary.</summary>
internal static class CheckWords
{
    private const int MostNamed = 5;

    public static string Title(CheckGroup group) =>
        group switch
        {
            CheckGroup.Servers => "Sign-in servers",
            CheckGroup.SignIns => "Sign-ins",
            _ => group.ToString(),
        };

    public static string Mark(FindingLevel? level) =>
        level switch
        {
            FindingLevel.Ok => "[green]✓[/]",
            FindingLevel.Skipped => "[grey]–[/]",
            FindingLevel.Warning => "[yellow]![/]",
            FindingLevel.Error => "[red]✗[/]",
            _ => " ",
        };

    /// <summary>A finding's subject; empty if its sentence begins with it, as those about settings do.</summary>
    public static string Subject(Finding finding) =>
        finding.Sentence.StartsWith(finding.Subject, StringComparison.Ordinal) ? "" : finding.Subject;

    /// <summary>How many have a problem, and the first of them.</summary>
    public static string Subjects(CheckCause cause)
    {
        var subjects = cause.Findings.Select(finding => finding.Subject).Distinct().ToList();
        var named = FirstOf(subjects, MostNamed);
        return subjects.Count == 1 ? named : $"{subjects.Count}: {named}";
    }

    /// <summary>The first names, and how many more there are.</summary>
    public static string FirstOf(IReadOnlyCollection<string> names, int most)
    {
        var more = names.Count - most;
        return string.Join(", ", names.Take(most)) + (more > 0 ? $" and {more} more" : "");
    }

    /// <summary>The summary in one line, without counts of zero.</summary>
    public static string Sum(CheckReport report)
    {
        string[] problems =
        [
            .. new[]
            {
                Number(report.Count(FindingLevel.Error), "error"),
                Number(report.Count(FindingLevel.Warning), "warning"),
            }.OfType<string>(),
        ];
        var found = problems.Length == 0 ? "All is well" : $"Found {string.Join(" and ", problems)}";
        var well = Number(report.Count(FindingLevel.Ok), "check") is { } checks ? $"; {checks} passed" : "";
        var skipped = report.Count(FindingLevel.Skipped) is > 0 and var count ? $", {count} skipped" : "";
        return $"{found}{well}{skipped}, in {report.Took.TotalSeconds:0.0} s.";
    }

    private static string? Number(int number, string what) =>
        number switch
        {
            0 => null,
            1 => $"1 {what}",
            _ => $"{number} {what}s",
        };
}
