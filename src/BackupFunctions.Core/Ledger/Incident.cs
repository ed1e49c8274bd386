using System.Globalization;
using BackupFunctions.Connections;

namespace BackupFunctions.Ledger;

/// <summary>
/// A connection that fails, from its first failure to its next success; and what operators were told of it, so that of
/// several instances one tells them.
/// </summary>
public sealed record Incident
{
    /// <summary>Names it for good: the connection and when it began.</summary>
    public required string Id { get; init; }

    /// <summary>The first failure.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// When it was handed to the group of alerts that tells operators; null if operators know nothing of it.
    /// </summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>
    /// The cause that it shares with the rest of that group, as <c>vendor/kind</c>; null if there is no group, or an
    /// earlier version told operators of this connection alone.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>When it was well again, as long as operators have not been told that.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The incident once an attempt has failed: a new one unless one is on.</summary>
    internal static Incident AfterFailure(Incident? before, ConnectionKey connection, DateTimeOffset now)
    {
        if (before is null or { EndedAt: not null, ToldAt: null })
        {
            return new Incident
            {
                Id = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{connection.Vendor}-{connection.Connection}-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"
                ),
                Since = now,
            };
        }

        return before.EndedAt is null ? before : before with { EndedAt = null };
    }

    /// <summary>The incident once a token was granted: over, but for what operators must still be told.</summary>
    internal Incident? AfterSuccess(DateTimeOffset now) =>
        ToldAt is null ? null : this with { EndedAt = EndedAt ?? now };

    /// <summary>
    /// One of two that were written apart: what happened last counts, but operators who were told of one must hear its
    /// end.
    /// </summary>
    internal static Incident? Merge(Incident? newer, Incident? older, DateTimeOffset? lastSuccess) =>
        (newer, older) switch
        {
            (null, { ToldAt: not null }) => older with { EndedAt = older.EndedAt ?? lastSuccess },
            ({ ToldAt: null }, { ToldAt: not null }) => older with { EndedAt = newer.EndedAt },
            _ => newer,
        };
}
