using BackupFunctions.Connections;
using BackupFunctions.Ledger;
using BackupFunctions.Tokens;

namespace BackupFunctions.Alerts;

/// <summary>What a connection's ledger entry asks of the groups of alerts.</summary>
internal enum AlertAction
{
    /// <summary>It fails, and operators are to be told.</summary>
    Join,

    /// <summary>It is well again, and its group does not know it yet.</summary>
    Leave,

    /// <summary>It fails, but operators are to hear nothing more of it for now.</summary>
    SetAside,
}

/// <summary>What is to be done about a connection, and from when on.</summary>
internal sealed record AlertStep(AlertAction Action, DateTimeOffset DueAt);

/// <summary>Which step a ledger entry calls for, and how the entry changes once it is taken.</summary>
internal static class AlertRules
{
    /// <summary>The entry's next step; null if there is none.</summary>
    /// <param name="entry">The connection's entry.</param>
    /// <param name="after">How long a failure that may resolve itself lasts before an alert.</param>
    /// <param name="silentUntil">When the connection's maintenance window ends; null if there is none.</param>
    /// <param name="now">The present instant.</param>
    public static AlertStep? NextStep(
        LedgerEntry entry,
        TimeSpan after,
        DateTimeOffset? silentUntil,
        DateTimeOffset now
    )
    {
        if (entry.Incident is not { } incident)
        {
            return null;
        }

        if (incident.EndedAt is { } endedAt)
        {
            return incident.ToldAt is null ? null : new AlertStep(AlertAction.Leave, endedAt);
        }

        if (incident.ToldAt is not null)
        {
            return StepOfTold(entry, incident, isSilent: silentUntil > now, now);
        }

        if (entry.LastFailure is not { } failure || entry.SignedOutAt is not null)
        {
            return null;
        }

        var dueAt = incident.Since + (failure.NeedsOperator ? TimeSpan.Zero : after);
        return new AlertStep(AlertAction.Join, silentUntil > dueAt ? silentUntil.Value : dueAt);
    }

    /// <summary>The cause whose group a step changes: of the last failure if it joins, else the group's.</summary>
    public static AlertCause CauseOf(ConnectionKey connection, LedgerEntry entry, AlertAction action)
    {
        var ofFailure = new AlertCause(connection.Vendor, entry.LastFailure?.Kind ?? FailureKind.BackingOff);
        return action == AlertAction.Join ? ofFailure : AlertCause.TryParse(entry.Incident?.Group) ?? ofFailure;
    }

    /// <summary>The connection of an entry as a member of its group.</summary>
    public static GroupMember MemberOf(ConnectionKey connection, Incident incident) =>
        new(connection.Connection, incident.Id, incident.Since)
        {
            EndedAt = incident.EndedAt,
            IsTold = incident.ToldAt is not null && incident.Group is null,
        };

    /// <summary>The entry after its connection joined a group.</summary>
    public static LedgerEntry AfterJoined(
        LedgerEntry entry,
        AlertCause cause,
        GroupMember member,
        DateTimeOffset now
    ) =>
        entry.Incident is { EndedAt: null } incident && incident.Id == member.Incident
            ? entry with
            {
                Incident = incident with { ToldAt = incident.ToldAt ?? now, Group = cause.ToString() },
            }
            : entry;

    /// <summary>The entry after its group learned that the connection is well.</summary>
    public static LedgerEntry AfterLeft(
        ConnectionKey connection,
        LedgerEntry entry,
        GroupMember member,
        DateTimeOffset now
    )
    {
        if (entry.Incident is not { } incident || incident.Id != member.Incident)
        {
            return entry;
        }

        // If it failed again meanwhile, that is the next incident.
        var next = incident.EndedAt is null
            ? Incident.AfterFailure(before: null, connection, entry.LastFailureAt ?? now)
            : null;
        return entry with { Incident = next };
    }

    /// <summary>The entry after its connection was taken out of its group, which it may join again later.</summary>
    public static LedgerEntry AfterSetAside(LedgerEntry entry) =>
        entry.Incident is { EndedAt: null } incident
            ? entry with
            {
                Incident = incident with { ToldAt = null, Group = null },
            }
            : entry;

    private static AlertStep? StepOfTold(LedgerEntry entry, Incident incident, bool isSilent, DateTimeOffset now)
    {
        if (isSilent)
        {
            return new AlertStep(AlertAction.SetAside, now);
        }

        // An earlier version told operators of it alone, or it needs them only now.
        return incident.Group is null || NeedsOperatorNow(entry, incident)
            ? new AlertStep(AlertAction.Join, now)
            : null;
    }

    /// <summary>Whether operators were told of a failure that may resolve itself, which it no longer is.</summary>
    private static bool NeedsOperatorNow(LedgerEntry entry, Incident incident) =>
        entry is { LastFailure.NeedsOperator: true, SignedOutAt: null }
        && AlertCause.TryParse(incident.Group) is { NeedsOperator: false };
}
