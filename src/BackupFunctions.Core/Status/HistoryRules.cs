using BackupFunctions.History;
using BackupFunctions.Ledger;

namespace BackupFunctions.Status;

/// <summary>What a connection's record says of its last day.</summary>
internal static class HistoryRules
{
    /// <summary>When the connection began to fail; null if it does not, or is signed out.</summary>
    public static DateTimeOffset? BrokenSince(LedgerEntry entry)
    {
        if (entry.LastFailure is null || entry.SignedOutAt is not null)
        {
            return null;
        }

        // An earlier version of the app recorded no incident: it is at least as old as the last failure.
        return entry.Incident is { EndedAt: null } incident ? incident.Since : entry.LastFailureAt;
    }

    /// <summary>How the connection was in each quarter of an hour of the day that ends now.</summary>
    public static HistoryOutcome[] DayOf(LedgerEntry entry, DateTimeOffset now)
    {
        var begins = ConnectionHistory.DayOf(now);
        var before = HistoryOutcome.Nothing;
        if (entry.SignedOutAt < begins)
        {
            before = HistoryOutcome.SignedOut;
        }
        else if (entry.LastFailure is { } failure && BrokenSince(entry) < begins)
        {
            before = HistoryOutcome.Of(failure.Kind);
        }

        return (entry.History ?? ConnectionHistory.Empty).DayUntil(now, before);
    }
}
