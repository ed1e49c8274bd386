using System.Globalization;
using System.Text.Json.Serialization;
using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Tokens;

namespace BackupFunctions.Alerts;

/// <summary>
/// An alert as it is posted: chats show <c>text</c>, the rest is for workflows. Never contains a token, a secret or a
/// vendor's words.
/// </summary>
internal sealed record AlertMessage(
    string Text,
    string Event,
    string Incident,
    string Vendor,
    string Connection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    string Since,
    string At
)
{
    public const string Broken = "connection-broken";

    public const string Well = "connection-well";

    /// <summary>The connection is failing.</summary>
    public static AlertMessage OfBroken(ConnectionKey key, Incident incident, TokenFailure failure, DateTimeOffset now)
    {
        var type = ProblemType.Of(failure.Kind);
        return new AlertMessage(
            $"{key} has been failing since {Minute(incident.Since)} UTC: {type.Title}. {failure.Detail}",
            Broken,
            incident.Id,
            key.Vendor,
            key.Connection,
            type.Uri,
            failure.Detail,
            Instant(incident.Since),
            Instant(now)
        );
    }

    /// <summary>The connection has recovered.</summary>
    public static AlertMessage OfWell(ConnectionKey key, Incident incident, DateTimeOffset now)
    {
        var endedAt = incident.EndedAt ?? now;
        return new AlertMessage(
            $"{key} recovered at {Minute(endedAt)} UTC after {InWords(endedAt - incident.Since)}.",
            Well,
            incident.Id,
            key.Vendor,
            key.Connection,
            Type: null,
            Detail: null,
            Instant(incident.Since),
            Instant(now)
        );
    }

    private static string Minute(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string InWords(TimeSpan time)
    {
        if (time < TimeSpan.FromMinutes(1))
        {
            return "less than a minute";
        }

        return time < TimeSpan.FromHours(1)
            ? $"{(int)time.TotalMinutes} min"
            : $"{(int)time.TotalHours} h {time.Minutes} min";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertMessage))]
internal sealed partial class AlertJson : JsonSerializerContext;
