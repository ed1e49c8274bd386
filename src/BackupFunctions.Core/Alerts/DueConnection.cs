using BackupFunctions.Connections;
using BackupFunctions.Ledger;

namespace BackupFunctions.Alerts;

/// <summary>A connection whose next step is due.</summary>
/// <param name="Key">Which connection.</param>
/// <param name="Entry">Its newest entry; an incident is on, or yet to be reported as over.</param>
/// <param name="Action">What is to be done.</param>
internal sealed record DueConnection(ConnectionKey Key, LedgerEntry Entry, AlertAction Action)
{
    /// <summary>The first failure first.</summary>
    public static IComparer<DueConnection> Earlier { get; } =
        Comparer<DueConnection>.Create(
            static (one, other) =>
                (one.Member.Since, one.Key.ToString()).CompareTo((other.Member.Since, other.Key.ToString()))
        );

    public GroupMember Member { get; } = AlertRules.MemberOf(Key, Entry.Incident!);

    /// <summary>The cause whose group changes.</summary>
    public AlertCause Cause => AlertRules.CauseOf(Key, Entry, Action);

    /// <summary>The cause of the group that it leaves by joining another; null if there is none.</summary>
    public AlertCause? LeftCause => Action == AlertAction.Join ? AlertCause.TryParse(Entry.Incident!.Group) : null;

    /// <summary>
    /// Whether the group has to learn of it: also of one that is well, if an earlier version told operators that it
    /// was not.
    /// </summary>
    public bool Joins => Action == AlertAction.Join || (Action == AlertAction.Leave && Member.IsTold);

    /// <summary>The entry once the step is taken.</summary>
    public LedgerEntry ChangedEntry(LedgerEntry entry, AlertCause cause, DateTimeOffset now) =>
        Action switch
        {
            AlertAction.Join => AlertRules.AfterJoined(entry, cause, Member, now),
            AlertAction.Leave => AlertRules.AfterLeft(Key, entry, Member, now),
            AlertAction.SetAside => AlertRules.AfterSetAside(entry),
            _ => throw new InvalidOperationException($"{Action} is not a known action."),
        };

    /// <summary>The group of connections of one cause once all their steps are taken.</summary>
    public static AlertGroup? Changed(AlertGroup? group, IReadOnlyList<DueConnection> due, DateTimeOffset now)
    {
        var joining = due.Where(one => one.Joins).ToList();
        if (joining.Count > 0)
        {
            var detail = joining[0].Entry.LastFailure?.Detail ?? "";
            group = GroupRules.Joined(group, [.. joining.Select(one => one.Member)], detail, now);
        }

        var ended = due.Where(one => one.Action == AlertAction.Leave)
            .ToDictionary(one => one.Key.Connection, one => one.Member.EndedAt ?? now, StringComparer.Ordinal);
        var aside = due.Where(one => one.Action == AlertAction.SetAside)
            .Select(one => one.Key.Connection)
            .ToHashSet(StringComparer.Ordinal);
        return GroupRules.Without(GroupRules.Left(group, ended, now), aside, now);
    }
}
