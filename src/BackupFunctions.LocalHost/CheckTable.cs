using BackupFunctions.Check;
using Spectre.Console;

namespace BackupFunctions.LocalHost;

/// <summary>The report for a person at a terminal: by group, what is well in few words, and commands on lines of their own.</summary>
internal static class CheckTable
{
    /// <summary>The mark and the room around it and the subject.</summary>
    private const int Margins = 5;

    private const int LeastIndent = 4;

    /// <summary>Writes it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="console">The terminal.</param>
    /// <param name="output">The same, for commands: a line that the console breaks at its width cannot be copied.</param>
    public static void Write(CheckReport report, IAnsiConsole console, TextWriter output)
    {
        var subjects = report.Findings.Select(finding => CheckWords.Subject(finding).Length).DefaultIfEmpty().Max();
        var width = Math.Clamp(subjects, 10, console.Profile.Width / 3);
        foreach (var (group, findings) in report.Groups)
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
                Write(finding.Remedy, width, console, output);
                above = subject;
            }
        }

        console.WriteLine();
        console.MarkupLine(
            $"{CheckWords.Mark(report.Findings.Select(finding => finding.Type.Level).DefaultIfEmpty().Max())} [bold]{CheckWords.Sum(report)}[/] docs/check.md explains each finding."
        );
    }

    private static void Write(Remedy? remedy, int width, IAnsiConsole console, TextWriter output)
    {
        if (remedy is null)
        {
            return;
        }

        console.Write(Row(width, "", "", $"[blue]→[/] {Markup.Escape(remedy.Words)}"));
        if (remedy.Command is { } command)
        {
            var column = width + Margins + 2;
            output.WriteLine(
                $"{new string(' ', column + command.Length <= console.Profile.Width ? column : LeastIndent)}{command}"
            );
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

    /// <summary>Of one subject: what is wrong, each alone; then what is well, in one breath; then what was left out.</summary>
    private static IEnumerable<(Finding Finding, string Sentence)> Joined(IReadOnlyList<Finding> findings)
    {
        foreach (var subject in findings.GroupBy(finding => finding.Subject))
        {
            foreach (var finding in subject.Where(finding => finding.Type.Level >= FindingLevel.Warning))
            {
                yield return (finding, finding.Sentence);
            }

            var well = subject.Where(finding => finding.Type.Level == FindingLevel.Ok).ToList();
            if (well.Count > 0)
            {
                yield return (well[0], string.Join(' ', well.Select(finding => finding.Sentence)));
            }

            foreach (var finding in subject.Where(finding => finding.Type.Level == FindingLevel.Skipped))
            {
                yield return (finding, finding.Sentence);
            }
        }
    }
}
