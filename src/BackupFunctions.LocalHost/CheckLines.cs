using BackupFunctions.Check;

namespace BackupFunctions.LocalHost;

/// <summary>The report where nobody looks at it as it comes: one line a finding, to be searched, and its remedy below it.</summary>
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
                output.WriteLine(
                    $"  {finding.Type.Level.ToString().ToLowerInvariant(), -7}  {finding.Type.Id}  {subject}{finding.Sentence}"
                );
                if (finding.Remedy is { } remedy)
                {
                    output.WriteLine($"           -> {remedy.Words}");
                    if (remedy.Command is { } command)
                    {
                        output.WriteLine($"           {command}");
                    }
                }
            }

            output.WriteLine();
        }

        output.WriteLine(CheckWords.Sum(report));
    }
}
