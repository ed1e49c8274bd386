using System.Text.Json.Serialization;

namespace BackupFunctions.Alerts;

/// <summary>
/// The connections of one cause, from the first that fails until all are well: one post tells operators of all. All
/// instances share it, so it says who is at it to post.
/// </summary>
internal sealed record AlertGroup
{
    /// <summary>Names it in every post: the incident of the connection that came first.</summary>
    public required string Incident { get; init; }

    /// <summary>What is wrong with one of the connections, and the remedy.</summary>
    public required string Detail { get; init; }

    /// <summary>Until then further connections are waited for before the first post.</summary>
    public required DateTimeOffset CollectedUntil { get; init; }

    /// <summary>When operators were last told that the connections are broken; null if they were not.</summary>
    public DateTimeOffset? PostedAt { get; init; }

    /// <summary>Until then an instance is at it to post, and the others are not.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>The connections, in the order in which they came.</summary>
    public IReadOnlyList<GroupMember> Members { get; init; } = [];

    /// <summary>Those that are not well yet.</summary>
    [JsonIgnore]
    public IEnumerable<GroupMember> Failing => Members.Where(member => member.EndedAt is null);
}

/// <summary>A connection of a group.</summary>
/// <param name="Connection">The connection's name, without its vendor.</param>
/// <param name="Incident">Its incident.</param>
/// <param name="Since">Its first failure.</param>
internal sealed record GroupMember(string Connection, string Incident, DateTimeOffset Since)
{
    /// <summary>When it was well again; null while it fails.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether a post counted it: only then is its recovery of interest.</summary>
    public bool IsTold { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(AlertGroup))]
internal sealed partial class GroupJson : JsonSerializerContext;
