using BackupFunctions.Check;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>Writes a report for a terminal, with good findings joined and commands on lines of their own.</summary>
internal static class CheckTable
{
    /// <summary>The width of the mark and of the padding around it and the subject.</summary>
    private const int Margins = 5;

    private const int LeastIndent = 4;

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="problemsOnly">Whether to leave out what is well or was skipped.</param>
    /// <param name="console">The terminal.</param>
    /// <param name="output">The same terminal, for commands: a line that the console wraps cannot be copied.</param>
    public static void Write(CheckReport report, bool problemsOnly, IAnsiConsole console, TextWriter output)
    {
        var subjects = report.Findings.Select(finding => CheckWords.Subject(finding).Length).DefaultIfEmpty().Max();
        var width = Math.Clamp(subjects, 10, console.Profile.Width / 3);
        foreach (var (group, findings) in problemsOnly ? report.Problems : report.Groups)
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{CheckWords.Title(group)}[/]");
            var above = "";
            foreach (var (finding, sentence) in Joined(findings))
            {
                var subject = CheckWords.Subject(finding);
                console.Write(
                    Row(
                        width,
                        CheckWords.Mark(finding.Type.Level),
                        subject == above ? "" : Name(finding, subject),
                        Text(finding, sentence)
                    )
                );
                WriteRemedy(finding, width, console, output);
                above = subject;
            }
        }

        WriteCauses(report, width, console);
        console.WriteLine();
        console.MarkupLine(
            $"{CheckWords.Mark(report.Worst)} [bold]{CheckWords.Sum(report)}[/] docs/check.md explains each finding."
        );
    }

    private static void WriteCauses(CheckReport report, int width, IAnsiConsole console)
    {
        if (report.Causes.Count == 0)
        {
            return;
        }

        console.WriteLine();
        console.MarkupLine("[bold]Problems by cause[/]");
        foreach (var cause in report.Causes)
        {
            var mark = CheckWords.Mark(cause.Type.Level);
            console.Write(Row(width, mark, Markup.Escape(cause.Type.Id), Markup.Escape(CheckWords.Subjects(cause))));
            if (cause.Remedy is not null)
            {
                console.Write(Row(width, "", "", $"[blue]→[/] {Markup.Escape(cause.Remedy)}"));
            }
        }
    }

    private static void WriteRemedy(Finding finding, int width, IAnsiConsole console, TextWriter output)
    {
        if (finding.Remedy is not null)
        {
            console.Write(Row(width, "", "", $"[blue]→[/] {Markup.Escape(finding.Remedy)}"));
        }

        if (finding.Command is { } command)
        {
            var column = width + Margins + 2;
            var indent = column + command.Length <= console.Profile.Width ? column : LeastIndent;
            output.WriteLine(new string(' ', indent) + command);
        }
    }

    private static Grid Row(int width, string mark, string subject, string text)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().Width(1).PadLeft(1).PadRight(1));
        grid.AddColumn(new GridColumn().Width(width).PadLeft(0).PadRight(2));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        return grid.AddRow(mark, subject, text);
    }

    private static string Name(Finding finding, string subject) =>
        finding.Type.Level >= FindingLevel.Warning ? $"[bold]{Markup.Escape(subject)}[/]" : Markup.Escape(subject);

    private static string Text(Finding finding, string sentence) =>
        finding.Type.Level switch
        {
            FindingLevel.Error => $"[red]{Markup.Escape(sentence)}[/]",
            FindingLevel.Warning => $"[yellow]{Markup.Escape(sentence)}[/]",
            FindingLevel.Skipped => $"[grey]{Markup.Escape(sentence)}[/]",
            _ => Markup.Escape(sentence),
        };

    /// <summary>By subject: each problem alone, then all good findings joined, then each skipped check.</summary>
    private static IEnumerable<(Finding Finding, string Sentence)> Joined(IReadOnlyList<Finding> findings)
    {
        foreach (var subject in findings.GroupBy(finding => finding.Subject))
        {
            foreach (var finding in subject.Where(finding => finding.Type.Level >= FindingLevel.Warning))
            {
                yield return (finding, finding.Sentence);
            }

            var good = subject.Where(finding => finding.Type.Level == FindingLevel.Ok).ToList();
            if (good.Count > 0)
            {
                yield return (good[0], string.Join(' ', good.Select(finding => finding.Sentence)));
            }

            foreach (var finding in subject.Where(finding => finding.Type.Level == FindingLevel.Skipped))
            {
                yield return (finding, finding.Sentence);
            }
        }
    }
}
