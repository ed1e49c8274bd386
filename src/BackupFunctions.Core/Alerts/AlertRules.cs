using BackupFunctions.Connections;
using BackupFunctions.Ledger;

namespace BackupFunctions.Alerts;

/// <summary>Which alert a ledger entry calls for, when, and how the entry changes once it is sent.</summary>
internal static class AlertRules
{
    /// <summary>A recovery is no longer worth an alert after this.</summary>
    public static readonly TimeSpan RecoveryRelevantFor = TimeSpan.FromHours(1);

    /// <summary>When the entry's next alert is due; null if operators know everything.</summary>
    /// <param name="entry">The connection's entry.</param>
    /// <param name="after">How long a failure that may resolve itself lasts before an alert.</param>
    public static DateTimeOffset? DueAt(LedgerEntry entry, TimeSpan after)
    {
        if (entry.Incident is not { } incident || !IsNeeded(incident, entry))
        {
            return null;
        }

        var patience = entry.LastFailure is { NeedsOperator: true } ? TimeSpan.Zero : after;
        var dueAt = incident.EndedAt ?? incident.Since + patience;
        return incident.ClaimedUntil > dueAt ? incident.ClaimedUntil : dueAt;
    }

    /// <summary>The alert that the entry's incident calls for.</summary>
    public static AlertMessage MessageOf(ConnectionKey connection, LedgerEntry entry, DateTimeOffset now) =>
        entry.Incident!.EndedAt is null
            ? AlertMessage.OfBroken(connection, entry.Incident, entry.LastFailure!, now)
            : AlertMessage.OfWell(connection, entry.Incident, now);

    /// <summary>The entry after an alert was sent.</summary>
    public static LedgerEntry AfterSent(
        ConnectionKey connection,
        LedgerEntry entry,
        AlertMessage message,
        DateTimeOffset now
    )
    {
        if (entry.Incident is not { } incident || incident.Id != message.Incident)
        {
            return entry;
        }

        if (message.Event == AlertMessage.Broken)
        {
            return entry with { Incident = incident with { ToldAt = now, ClaimedUntil = null } };
        }

        // If it failed again while the recovery was sent, that is the next incident.
        var next = incident.EndedAt is null
            ? Incident.AfterFailure(before: null, connection, entry.LastFailureAt ?? now)
            : null;
        return entry with { Incident = next };
    }

    /// <summary>The entry after an alert could not be sent: an old recovery is dropped.</summary>
    public static LedgerEntry AfterNotSent(LedgerEntry entry, DateTimeOffset now) =>
        entry.Incident?.EndedAt + RecoveryRelevantFor <= now ? entry with { Incident = null } : entry;

    private static bool IsNeeded(Incident incident, LedgerEntry entry) =>
        incident.EndedAt is null
            ? incident.ToldAt is null && entry.LastFailure is not null
            : incident.ToldAt is not null;
}
