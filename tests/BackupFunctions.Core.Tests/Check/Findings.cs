using BackupFunctions.Check;

namespace BackupFunctions.Core.Tests.Check;

/// <summary>Searches a report.</summary>
internal static class Findings
{
    /// <summary>The only finding with an id, and a subject if one is given.</summary>
    public static Finding One(this CheckReport report, string id, string? subject = null)
    {
        var found = report
            .Findings.Where(finding => finding.Type.Id == id && (subject is null || finding.Subject == subject))
            .ToList();
        Assert.True(found.Count == 1, $"{found.Count} of {id} {subject} among\n{report.Text()}");
        return found[0];
    }

    public static IReadOnlyList<string> Ids(this CheckReport report, string? subject = null) =>
        [
            .. report
                .Findings.Where(finding => subject is null || finding.Subject == subject)
                .Select(finding => finding.Type.Id),
        ];

    /// <summary>All text that people read.</summary>
    public static string Text(this CheckReport report) =>
        string.Join(
            '\n',
            report.Findings.Select(finding =>
                $"{finding.Type.Id} {finding.Subject} {finding.Sentence} {finding.Remedy} {finding.Command}"
            )
        );
}
