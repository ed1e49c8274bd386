using BackupFunctions.Check;

namespace BackupFunctions.LocalHost;

/// <summary>Writes a report for files and pipes: one line per finding, followed by its remedy.</summary>
internal static class CheckLines
{
    public static void Write(CheckReport report, bool problemsOnly, TextWriter output)
    {
        foreach (var (group, findings) in problemsOnly ? report.Problems : report.Groups)
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

        WriteCauses(report, output);
        output.WriteLine(CheckWords.Sum(report));
    }

    private static void WriteCauses(CheckReport report, TextWriter output)
    {
        if (report.Causes.Count == 0)
        {
            return;
        }

        output.WriteLine("Problems by cause");
        foreach (var cause in report.Causes)
        {
            var level = cause.Type.Level.ToString().ToLowerInvariant();
            output.WriteLine($"  {level, -7}  {cause.Type.Id}  {CheckWords.Subjects(cause)}");
            if (cause.Remedy is not null)
            {
                output.WriteLine($"           -> {cause.Remedy}");
            }
        }

        output.WriteLine();
    }
}
