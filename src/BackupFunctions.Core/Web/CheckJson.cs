using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Check;

namespace BackupFunctions.Web;

/// <summary>Writes a report as JSON, the same from both hosts and the command line.</summary>
public static class CheckJson
{
    // Keeps apostrophes readable. Nothing here is ever put into a page unescaped.
    private static readonly CheckJsonContext Json = new(
        new JsonSerializerOptions(CheckJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }
    );

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="problemsOnly">Whether to leave out what is well or was skipped.</param>
    public static byte[] Write(CheckReport report, bool problemsOnly = false) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new CheckBody(
                report.CheckedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                (long)report.Took.TotalMilliseconds,
                report.ExitStatus,
                new CheckCountsBody(
                    report.Count(FindingLevel.Ok),
                    report.Count(FindingLevel.Skipped),
                    report.Count(FindingLevel.Warning),
                    report.Count(FindingLevel.Error)
                ),
                [
                    .. (problemsOnly ? report.Problems : report.Groups).SelectMany(group =>
                        group.Findings.Select(finding => OfFinding(group.Group, finding))
                    ),
                ],
                [
                    .. report.Causes.Select(cause => new CauseBody(
                        cause.Type.Id,
                        cause.Type.Level,
                        [.. cause.Findings.Select(finding => finding.Subject)],
                        cause.Remedy
                    )),
                ]
            ),
            Json.CheckBody
        );

    private static FindingBody OfFinding(CheckGroup group, Finding finding) =>
        new(
            finding.Type.Id,
            group,
            finding.Type.Level,
            finding.Subject,
            finding.Sentence,
            finding.Remedy,
            finding.Command
        );
}

/// <summary>The 200 of Check.</summary>
internal sealed record CheckBody(
    [property: Description("When the check began."), DataType(DataType.DateTime)] string CheckedAt,
    [property: Description("How many milliseconds it took."), DisplayName("Took (ms)")] long TookMs,
    [property: Description("0 if all is well, 1 with warnings, 2 with errors.")] int ExitStatus,
    [property: Description("The number of findings of each level.")] CheckCountsBody Counts,
    [property: Description("The findings.")] IReadOnlyList<FindingBody> Findings,
    [property: Description("The warnings and errors by cause, the worst first.")] IReadOnlyList<CauseBody> Causes
);

/// <summary>Problems that one remedy may solve.</summary>
internal sealed record CauseBody(
    [property: Description("The kind of finding.")] string Id,
    [property: Description("How bad it is."), JsonConverter(typeof(KebabCaseEnum<FindingLevel>))] FindingLevel Level,
    [property: Description("What has this problem.")] IReadOnlyList<string> Subjects,
    [property: Description("How to fix it.")] string? Remedy
);

/// <summary>The number of findings of each level.</summary>
internal sealed record CheckCountsBody(
    [property: Description("As it should be.")] int Ok,
    [property: Description("Not checked.")] int Skipped,
    [property: Description("Works now, but not for long or not always.")] int Warning,
    [property: Description("Does not work.")] int Error
);

/// <summary>One finding.</summary>
internal sealed record FindingBody(
    [property: Description("Identifies the kind of finding; docs/check.md explains each.")] string Id,
    [property: Description("The group it belongs to."), JsonConverter(typeof(KebabCaseEnum<CheckGroup>))]
        CheckGroup Group,
    [property: Description("How bad it is."), JsonConverter(typeof(KebabCaseEnum<FindingLevel>))] FindingLevel Level,
    [property: Description("What was checked.")] string Subject,
    [property: Description("What was found.")] string Sentence,
    [property: Description("How to fix it.")] string? Remedy,
    [property: Description("A command that fixes it.")] string? Command
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CheckBody))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
