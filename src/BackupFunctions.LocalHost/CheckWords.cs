using BackupFunctions.Check;

namespace BackupFunctions.LocalHost;

/// <summary>How the console shows groups, levels and the summary.</summary>
internal static class CheckWords
{
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

    /// <summary>The summary in one line, without counts of zero.</summary>
    public static string Sum(CheckReport report)
    {
        var parts = new[]
        {
            Number(report.Count(FindingLevel.Error), "error"),
            Number(report.Count(FindingLevel.Warning), "warning"),
            report.Count(FindingLevel.Ok) is > 0 and var ok ? $"{ok} ok" : null,
            report.Count(FindingLevel.Skipped) is > 0 and var skipped ? $"{skipped} skipped" : null,
        };
        return $"{string.Join(", ", parts.OfType<string>())}, in {report.Took.TotalSeconds:0.0} s.";
    }

    private static string? Number(int number, string what) =>
        number switch
        {
            0 => null,
            1 => $"1 {what}",
            _ => $"{number} {what}s",
        };
}
