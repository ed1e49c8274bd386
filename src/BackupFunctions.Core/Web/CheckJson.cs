using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Check;
using BackupFunctions.Web.Api;

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

    /// <summary>The shape of a report.</summary>
    internal static JsonTypeInfo Shape => Json.CheckBody;

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
            JsonNamingPolicy.KebabCaseLower.ConvertName(group.ToString()),
            finding.Type.Level.ToString().ToLowerInvariant(),
            finding.Subject,
            finding.Sentence,
            finding.Remedy,
            finding.Command
        );
}

/// <summary>The 200 of Check.</summary>
internal sealed record CheckBody(
    [property: WireField("When the check began.", Title = "Checked at", Format = "date-time")] string CheckedAt,
    [property: WireField("How many milliseconds it took.", Title = "Took (ms)")] long TookMs,
    [property: WireField("0 if all is well, 1 with warnings, 2 with errors.", Title = "Exit status")] int ExitStatus,
    [property: WireField("The number of findings of each level.")] CheckCountsBody Counts,
    [property: WireField("The findings.")] IReadOnlyList<FindingBody> Findings
);

/// <summary>The number of findings of each level.</summary>
internal sealed record CheckCountsBody(
    [property: WireField("As it should be.")] int Ok,
    [property: WireField("Not checked.")] int Skipped,
    [property: WireField("Works now, but not for long or not always.")] int Warning,
    [property: WireField("Does not work.")] int Error
);

/// <summary>One finding.</summary>
internal sealed record FindingBody(
    [property: WireField("Identifies the kind of finding; docs/check.md explains each.")] string Id,
    [property: WireField("The group it belongs to.", Names = typeof(CheckGroup))] string Group,
    [property: WireField("How bad it is.", Names = typeof(FindingLevel))] string Level,
    [property: WireField("What was checked.")] string Subject,
    [property: WireField("What was found.")] string Sentence,
    [property: WireField("How to fix it.")] string? Remedy,
    [property: WireField("A command that fixes it.")] string? Command
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CheckBody))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
