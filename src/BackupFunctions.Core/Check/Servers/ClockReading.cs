namespace BackupFunctions.Check.Servers;

/// <summary>A server's clock beside ours.</summary>
/// <param name="Ahead">How far it is ahead of ours; negative if it lags. Zero if the two agree as far as can be told.</param>
internal readonly record struct ClockReading(TimeSpan Ahead)
{
    /// <summary>Assertions live five minutes and one-time codes 30 s: so much of a difference is worth a word.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>Reads the clock off a reply.</summary>
    /// <param name="date">Its <c>Date</c> (RFC 9110 section 6.6.1): whole seconds, cut off.</param>
    /// <param name="askedAt">When the request was sent, on our clock.</param>
    /// <param name="answeredAt">When the reply was there, on our clock.</param>
    public static ClockReading? Of(DateTimeOffset? date, DateTimeOffset askedAt, DateTimeOffset answeredAt) =>
        date is not { } theirs ? null
        : theirs > answeredAt ? new ClockReading(theirs - answeredAt)
        : theirs < askedAt.AddSeconds(-1) ? new ClockReading(theirs.AddSeconds(1) - askedAt)
        : new ClockReading(TimeSpan.Zero);

    /// <summary>The finding about it.</summary>
    public static Finding Find(ClockReading? reading, string subject, string server) =>
        reading switch
        {
            null => new Finding(FindingType.ClockUnknown, subject, $"{server} does not say what its clock shows."),
            { Ahead: var ahead } when ahead.Duration() <= Tolerance => new Finding(
                FindingType.ClockGood,
                subject,
                "Its clock agrees with ours."
            ),
            { Ahead: var ahead } => new Finding(
                FindingType.ClockOff,
                subject,
                $"The clock of {server} is {Words(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this host's.",
                new(
                    "If other servers differ alike, set this host's clock (timedatectl set-ntp true, or w32tm /resync). If not, tell the server's operator."
                )
            ),
        };

    private static string Words(TimeSpan difference) =>
        difference < TimeSpan.FromMinutes(2) ? $"{difference.TotalSeconds:0} s"
        : difference < TimeSpan.FromHours(2) ? $"{difference.TotalMinutes:0} min"
        : difference < TimeSpan.FromDays(2) ? $"{difference.TotalHours:0} h"
        : $"{difference.TotalDays:0} days";
}
