using BackupFunctions.Check;

namespace BackupFunctions.LocalHost;

/// <summary>Writes a report for files and pipes: one line per finding, followed by its remedy.</summary>
internal static class CheckLines
{
    public static void Write(CheckReport report, TextWriter output)
    {
        foreach (var (group, findings) in report.Groups)
        {
            output.WriteLine(CheckWords.Title(group));
            foreach (var finding in findings)
            {
                var subject = CheckWords.Subject(finding) is { Length: > 0 } name ? $"{name}: " : "";
                var level = finding.Type.Level.ToString().ToLowerInvariant();
                output.WriteLine($"  {level, -7}  {finding.Type.Id}  {subject}{finding.Sentence}");
                if (finding.Remedy is not null)
                {
                    output.WriteLine($"           -> {finding.Remedy}");
                }

                if (finding.Command is not null)
                {
                    output.WriteLine($"           {finding.Command}");
                }
            }

            output.WriteLine();
        }

        output.WriteLine(CheckWords.Sum(report));
    }
}
