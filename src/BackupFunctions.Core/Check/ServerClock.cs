using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Compares a server's clock with this host's.</summary>
internal static class ServerClock
{
    /// <summary>Signed assertions live five minutes and one-time codes 30 s.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>How far a server's clock is ahead of ours, negative if behind; null if it does not report it.</summary>
    /// <param name="date">The response's <c>Date</c> if it shows that clock; whole seconds (RFC 9110 6.6.1).</param>
    /// <param name="askedAt">When the request was sent, by our clock.</param>
    /// <param name="answeredAt">When the response arrived, by our clock.</param>
    public static TimeSpan? Difference(DateTimeOffset? date, DateTimeOffset askedAt, DateTimeOffset answeredAt)
    {
        if (date is not { } theirs)
        {
            return null;
        }

        if (theirs > answeredAt)
        {
            return theirs - answeredAt;
        }

        var latest = theirs.AddSeconds(1);
        return latest < askedAt ? latest - askedAt : TimeSpan.Zero;
    }

    /// <summary>The finding about a difference.</summary>
    public static Finding Find(TimeSpan? difference, string subject, string server)
    {
        if (difference is not { } ahead)
        {
            return new Finding(ClockUnknown, subject, $"{server} does not report its present time.");
        }

        if (ahead.Duration() <= Tolerance)
        {
            return new Finding(ClockGood, subject, "The clock agrees with this host's.");
        }

        var direction = ahead > TimeSpan.Zero ? "ahead of" : "behind";
        return new Finding(
            ClockOff,
            subject,
            $"The clock of {server} is {InWords(ahead.Duration())} {direction} this host's.",
            "If other servers differ by as much, set this host's clock (timedatectl set-ntp true, or w32tm /resync). "
                + "Otherwise tell the server's operator."
        );
    }

    private static string InWords(TimeSpan difference) =>
        difference switch
        {
            { TotalMinutes: < 2 } => $"{difference.TotalSeconds:0} s",
            { TotalHours: < 2 } => $"{difference.TotalMinutes:0} min",
            { TotalDays: < 2 } => $"{difference.TotalHours:0} h",
            _ => $"{difference.TotalDays:0} days",
        };
}
