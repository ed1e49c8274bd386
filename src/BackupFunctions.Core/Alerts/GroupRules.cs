using BackupFunctions.Settings.Alerting;

namespace BackupFunctions.Alerts;

/// <summary>How a group of alerts changes, and when it has to be posted.</summary>
internal static class GroupRules
{
    /// <summary>How long further connections are waited for before the first post.</summary>
    public static readonly TimeSpan CollectFor = TimeSpan.FromMinutes(3);

    /// <summary>How long an instance has to post: its attempts take at most 40 s.</summary>
    public static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(5);

    /// <summary>A recovery is no longer worth a post after this.</summary>
    public static readonly TimeSpan RecoveryRelevantFor = TimeSpan.FromHours(1);

    /// <summary>With connections that fail; a new group if there is none.</summary>
    public static AlertGroup Joined(
        AlertGroup? group,
        IReadOnlyList<GroupMember> members,
        string detail,
        DateTimeOffset now
    )
    {
        group ??= new AlertGroup
        {
            Incident = members[0].Incident,
            Detail = detail,
            CollectedUntil = now + CollectFor,

            // Those that an earlier version told operators of need no first post.
            PostedAt = members.All(member => member.IsTold) ? now : null,
        };
        var known = group.Members.ToDictionary(member => member.Connection, StringComparer.Ordinal);
        var coming = members
            .Select(member =>
                member with
                {
                    IsTold = member.IsTold || known.GetValueOrDefault(member.Connection)?.IsTold == true,
                }
            )
            .ToDictionary(member => member.Connection, StringComparer.Ordinal);
        return group with
        {
            Members =
            [
                .. group.Members.Select(member => coming.GetValueOrDefault(member.Connection, member)),
                .. coming.Values.Where(member => !known.ContainsKey(member.Connection)),
            ],
        };
    }

    /// <summary>After connections were well again. Those that no post counted are forgotten.</summary>
    public static AlertGroup? Left(
        AlertGroup? group,
        IReadOnlyDictionary<string, DateTimeOffset> endedAt,
        DateTimeOffset now
    ) =>
        group is null
            ? null
            : Tidied(
                group with
                {
                    Members =
                    [
                        .. group.Members.Select(member =>
                            endedAt.TryGetValue(member.Connection, out var at) ? member with { EndedAt = at } : member
                        ),
                    ],
                },
                now
            );

    /// <summary>Without connections that nobody is to be told of any more.</summary>
    public static AlertGroup? Without(AlertGroup? group, IReadOnlySet<string> connections, DateTimeOffset now) =>
        group is null || !group.Members.Any(member => connections.Contains(member.Connection))
            ? group
            : Tidied(
                group with
                {
                    Members = [.. group.Members.Where(member => !connections.Contains(member.Connection))],
                },
                now
            );

    /// <summary>
    /// The group without what operators need not know; null if nothing is left. While a post is under way nothing is
    /// taken out: it may be telling them.
    /// </summary>
    public static AlertGroup? Tidied(AlertGroup group, DateTimeOffset now)
    {
        if (group.ClaimedUntil > now || group.Members.All(member => member.EndedAt is null || member.IsTold))
        {
            return group.Members.Count == 0 ? null : group;
        }

        var left = group.Members.Where(member => member.EndedAt is null || member.IsTold).ToList();
        return left.Count == 0 ? null : group with { Members = left };
    }

    /// <summary>When the next post is due; null if none is.</summary>
    /// <param name="group">The group.</param>
    /// <param name="remindAfter">How long after a post it is repeated; zero for never.</param>
    public static DateTimeOffset? NextPost(AlertGroup group, TimeSpan remindAfter)
    {
        var due = DueAt(group, remindAfter);
        return group.ClaimedUntil > due ? group.ClaimedUntil : due;
    }

    /// <summary>The group after a post that was made from an earlier state of it.</summary>
    public static AlertGroup? AfterPosted(AlertGroup? group, AlertGroup posted, DateTimeOffset now)
    {
        if (group is null || group.Incident != posted.Incident)
        {
            return group;
        }

        var told = posted.Failing.Select(member => member.Connection).ToHashSet(StringComparer.Ordinal);
        if (told.Count > 0)
        {
            var members = group.Members.Select(member =>
                told.Contains(member.Connection) ? member with { IsTold = true } : member
            );
            return Tidied(group with { PostedAt = now, ClaimedUntil = null, Members = [.. members] }, now);
        }

        // What failed while the recovery was posted is the next group.
        var next = group.Failing.Select(member => member with { IsTold = false }).ToList();
        return next.Count == 0 ? null : Joined(group: null, next, group.Detail, now);
    }

    /// <summary>The group after a post failed; null if it was a recovery that is old by now.</summary>
    public static AlertGroup? AfterNotPosted(AlertGroup? group, DateTimeOffset now) =>
        group is not null && !group.Failing.Any() && EndedAt(group) + RecoveryRelevantFor <= now ? null : group;

    /// <summary>
    /// One of two that changed apart while storage was away: nobody is told twice, and no connection is lost.
    /// </summary>
    /// <param name="stored">What the others know.</param>
    /// <param name="own">What this process knows; it is the newer about each of its connections.</param>
    public static AlertGroup? Merged(AlertGroup? stored, AlertGroup? own)
    {
        if (stored is null || own is null)
        {
            return own ?? stored;
        }

        var known = own.Members.Select(member => member.Connection).ToHashSet(StringComparer.Ordinal);
        return stored with
        {
            PostedAt = own.PostedAt > stored.PostedAt || stored.PostedAt is null ? own.PostedAt : stored.PostedAt,
            Members = [.. stored.Members.Where(member => !known.Contains(member.Connection)), .. own.Members],
        };
    }

    /// <summary>When the last connection was well again.</summary>
    public static DateTimeOffset? EndedAt(AlertGroup group) => group.Members.Max(member => member.EndedAt);

    private static DateTimeOffset? DueAt(AlertGroup group, TimeSpan remindAfter)
    {
        if (!group.Failing.Any())
        {
            return group.Members.Any(member => member.IsTold) ? EndedAt(group) : null;
        }

        if (group.PostedAt is not { } postedAt)
        {
            return group.CollectedUntil;
        }

        if (remindAfter > TimeSpan.Zero)
        {
            return postedAt + remindAfter;
        }

        // Without reminders, those that came later have to be told of all the same.
        return group.Failing.Any(member => !member.IsTold) ? postedAt + AlertOptions.DefaultRemindAfter : null;
    }
}
