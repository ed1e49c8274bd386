using System.Text.Json.Serialization;
using BackupFunctions.Problems;

namespace BackupFunctions.Alerts;

/// <summary>
/// An alert as it is posted: chats show <c>text</c>, the rest is for workflows. Never contains a token, a secret or a
/// vendor's words.
/// </summary>
/// <param name="Text">Everything in sentences.</param>
/// <param name="Event">What happened: one of the constants.</param>
/// <param name="Incident">The same in all posts about a group.</param>
/// <param name="Vendor">The vendor.</param>
/// <param name="Connection">The first connection.</param>
/// <param name="Type">The type of the problem; null after a recovery.</param>
/// <param name="Detail">What is wrong with the first connection; null after a recovery.</param>
/// <param name="Since">The first failure.</param>
/// <param name="At">When this was written.</param>
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
    /// <summary>Connections fail.</summary>
    public const string Broken = "connection-broken";

    /// <summary>They still do: a reminder.</summary>
    public const string StillBroken = "connection-still-broken";

    /// <summary>All of them are well again.</summary>
    public const string Well = "connection-well";

    /// <summary>Somebody tries the webhook.</summary>
    public const string Test = "test";

    /// <summary>How many connections this is about.</summary>
    public int Count { get; init; }

    /// <summary>The names of the first of them.</summary>
    public IReadOnlyList<string> Connections { get; init; } = [];

    /// <summary>Where to look at them; null if the app's address is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StatusPage { get; init; }

    /// <summary>The text's gist, for a heading.</summary>
    [JsonIgnore]
    public string Title { get; init; } = "";

    /// <summary>The connections in a few words, for the log.</summary>
    [JsonIgnore]
    public string Subject => Count == 1 ? $"{Vendor}/{Connection}" : $"{Count} connections of {Vendor}";

    /// <summary>What a group has to tell.</summary>
    /// <param name="cause">Its cause.</param>
    /// <param name="group">The group, with at least one member.</param>
    /// <param name="app">The app's address; null if it is not known.</param>
    /// <param name="now">The present instant.</param>
    public static AlertMessage Of(AlertCause cause, AlertGroup group, Uri? app, DateTimeOffset now)
    {
        List<GroupMember> failing = [.. group.Failing];
        IReadOnlyList<GroupMember> members = failing.Count > 0 ? failing : group.Members;
        var words = new AlertWords(cause, group, members);
        var isWell = failing.Count == 0;
        var type = ProblemType.Of(cause.Kind);
        return new AlertMessage(
            isWell ? words.Recovered : words.Failing,
            EventOf(group, isWell),
            group.Incident,
            cause.Vendor,
            members[0].Connection,
            isWell ? null : type.Uri,
            isWell ? null : group.Detail,
            AlertWords.Instant(words.Since),
            AlertWords.Instant(now)
        )
        {
            Count = members.Count,
            Connections = [.. members.Take(AlertWords.MostNames).Select(member => member.Connection)],
            StatusPage = StatusPageLink.To(app, cause.Vendor, members.Count == 1 ? members[0].Connection : null),
            Title = words.Title,
        };
    }

    /// <summary>A message by which an operator tries the webhook.</summary>
    public static AlertMessage OfTest(Uri? app, DateTimeOffset now) =>
        new(
            "This is a test by an operator of BackupFunctions: alerts arrive here. Nothing is wrong.",
            Test,
            Test,
            "backupfunctions",
            Test,
            Type: null,
            Detail: null,
            AlertWords.Instant(now),
            AlertWords.Instant(now)
        )
        {
            StatusPage = StatusPageLink.To(app, vendor: null, connection: null),
            Title = "Test of BackupFunctions' alerts",
        };

    private static string EventOf(AlertGroup group, bool isWell)
    {
        if (isWell)
        {
            return Well;
        }

        return group.PostedAt is null ? Broken : StillBroken;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertMessage))]
internal sealed partial class AlertJson : JsonSerializerContext;
