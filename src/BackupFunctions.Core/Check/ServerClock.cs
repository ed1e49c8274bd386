using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>Compares the clocks of servers with ours, and this host's with the vault's.</summary>
internal static class ServerClock
{
    /// <summary>Signed assertions live five minutes and one-time codes 30 s.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>How far a server's clock is ahead of ours, negative if behind; null if it does not report it.</summary>
    /// <param name="date">The response's <c>Date</c> if it shows that clock; whole seconds (RFC 9110 6.6.1).</param>
    /// <param name="took">How long the response took.</param>
    /// <param name="answeredAt">When it arrived, by our clock.</param>
    public static TimeSpan? Difference(DateTimeOffset? date, TimeSpan took, DateTimeOffset answeredAt)
    {
        if (date is not { } theirs)
        {
            return null;
        }

        var askedAt = answeredAt - took;

        if (theirs > answeredAt)
        {
            return theirs - answeredAt;
        }

        var latest = theirs.AddSeconds(1);
        return latest < askedAt ? latest - askedAt : TimeSpan.Zero;
    }

    /// <summary>The finding about a difference.</summary>
    /// <param name="difference">See <see cref="Difference"/>.</param>
    /// <param name="subject">Whose server it is.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="isOursRight">Whether a vault, or two other servers, have confirmed our clock.</param>
    public static Finding Find(TimeSpan? difference, string subject, string server, bool isOursRight)
    {
        if (difference is not { } ahead)
        {
            return new Finding(ClockUnknown, subject, $"{server} does not report its present time.");
        }

        if (ahead.Duration() <= Tolerance)
        {
            return new Finding(ClockGood, subject, "The clock is right.");
        }

        var direction = ahead > TimeSpan.Zero ? "ahead" : "behind";
        return new Finding(
            ClockOff,
            subject,
            $"The clock of {server} is {InWords(ahead.Duration())} {direction}.",
            isOursRight
                ? "Tell the server's operator."
                : $"If other servers differ by as much, this host's clock is wrong. {SetIt} Otherwise tell the "
                    + "server's operator."
        );
    }

    /// <summary>The finding about this host's own clock, which the vault's reply has just shown to be off.</summary>
    /// <param name="hostAhead">See <see cref="Clocks.HostClock.HostAhead"/>.</param>
    /// <param name="subject">The vault.</param>
    /// <param name="vault">Its host name.</param>
    /// <returns>Null if it is right, or its difference is not known.</returns>
    public static Finding? FindHost(TimeSpan? hostAhead, string subject, string vault)
    {
        if (hostAhead is not { } ahead || ahead.Duration() <= Tolerance)
        {
            return null;
        }

        var direction = ahead > TimeSpan.Zero ? "ahead of" : "behind";
        return new Finding(
            ClockOff,
            subject,
            $"This host's clock is {InWords(ahead.Duration())} {direction} that of {vault}. Tokens are not affected, "
                + "because the app goes by the vault's time.",
            SetIt
        );
    }

    private const string SetIt = "Set this host's clock (timedatectl set-ntp true, or w32tm /resync).";

    private static string InWords(TimeSpan difference) =>
        difference switch
        {
            { TotalMinutes: < 2 } => $"{difference.TotalSeconds:0} s",
            { TotalHours: < 2 } => $"{difference.TotalMinutes:0} min",
            { TotalDays: < 2 } => $"{difference.TotalHours:0} h",
            _ => $"{difference.TotalDays:0} days",
        };
}
