using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Check;

namespace BackupFunctions.Http;

/// <summary>A check's report as JSON: one document, the same from both hosts and from the command line.</summary>
public static class CheckJson
{
    // Sentences are for people: an apostrophe stays one. Nothing here is ever put into a page unescaped.
    private static readonly CheckJsonContext Json = new(new JsonSerializerOptions(CheckJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes a report.</summary>
    public static byte[] Write(CheckReport report) => JsonSerializer.SerializeToUtf8Bytes(
        new CheckBody(
            report.CheckedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            (long)report.Took.TotalMilliseconds,
            report.ExitStatus,
            new CheckCountsBody(report.Count(FindingLevel.Ok), report.Count(FindingLevel.Skipped), report.Count(FindingLevel.Warning), report.Count(FindingLevel.Error)),
            [.. report.Groups.SelectMany(group => group.Findings.Select(finding => OfFinding(group.Group, finding)))]),
        Json.CheckBody);

    private static FindingBody OfFinding(CheckGroup group, Finding finding) => new(
        finding.Type.Id, JsonNamingPolicy.KebabCaseLower.ConvertName(group.ToString()), finding.Type.Level.ToString().ToLowerInvariant(), finding.Subject, finding.Sentence, finding.Remedy?.Words, finding.Remedy?.Command);
}

/// <summary>The 200 of Check.</summary>
internal sealed record CheckBody(string CheckedAt, long TookMs, int ExitStatus, CheckCountsBody Counts, IReadOnlyList<FindingBody> Findings);

/// <summary>How many findings of each level there are.</summary>
internal sealed record CheckCountsBody(int Ok, int Skipped, int Warning, int Error);

/// <summary>One finding.</summary>
internal sealed record FindingBody(string Id, string Group, string Level, string Subject, string Sentence, string? Remedy, string? Command);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CheckBody))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
