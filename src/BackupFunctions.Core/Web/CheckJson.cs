using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Check;

namespace BackupFunctions.Web;

/// <summary>A check's report as JSON, the same from both hosts and the command line.</summary>
public static class CheckJson
{
    // People read these sentences, so apostrophes stay as they are. No page shows them unescaped.
    private static readonly CheckJsonContext Json = new(
        new JsonSerializerOptions(CheckJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }
    );

    /// <summary>Writes a report.</summary>
    public static byte[] Write(CheckReport report) =>
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
                    .. report.Groups.SelectMany(group =>
                        group.Findings.Select(finding => OfFinding(group.Group, finding))
                    ),
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
            finding.Remedy?.Words,
            finding.Remedy?.Command
        );
}

/// <summary>The 200 of Check.</summary>
internal sealed record CheckBody(
    [property: Description("When the check started."), DataType(DataType.DateTime)] string CheckedAt,
    [property: Description("How long it took, in milliseconds."), DisplayName("Took (ms)")] long TookMs,
    [property: Description("0 if everything is healthy, 1 with warnings, 2 with errors.")] int ExitStatus,
    [property: Description("The number of findings at each level.")] CheckCountsBody Counts,
    [property: Description("The findings.")] IReadOnlyList<FindingBody> Findings
);

/// <summary>The number of findings at each level.</summary>
internal sealed record CheckCountsBody(
    [property: Description("Healthy.")] int Ok,
    [property: Description("Not checked.")] int Skipped,
    [property: Description("Works now, but not for long or not always.")] int Warning,
    [property: Description("Does not work.")] int Error
);

/// <summary>One finding.</summary>
internal sealed record FindingBody(
    [property: Description("Identifies the finding; docs/check.md explains each.")] string Id,
    [property: Description("What it concerns."), JsonConverter(typeof(KebabCaseEnum<CheckGroup>))] CheckGroup Group,
    [property: Description("How severe it is."), JsonConverter(typeof(KebabCaseEnum<FindingLevel>))] FindingLevel Level,
    [property: Description("What was checked.")] string Subject,
    [property: Description("What was found.")] string Sentence,
    [property: Description("How to fix it.")] string? Remedy,
    [property: Description("A command that fixes it.")] string? Command
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CheckBody))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
