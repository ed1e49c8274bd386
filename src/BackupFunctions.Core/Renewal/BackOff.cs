using BackupFunctions.SignIn.Transport;

namespace BackupFunctions.Renewal;

/// <summary>The wait between attempts that fail.</summary>
public static class BackOff
{
    /// <summary>The wait after a first failed attempt; it doubles with each further one.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait between two failed attempts.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The wait before the next attempt: 30 s doubling to 15 minutes and shortened by up to a fifth, or the vendor's
    /// <c>Retry-After</c> if that is longer.
    /// </summary>
    /// <param name="failuresInRow">How many attempts have failed; at least one.</param>
    /// <param name="retryAfter">The vendor's <c>Retry-After</c>; null if it sent none.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static TimeSpan After(int failuresInRow, TimeSpan? retryAfter, double jitter)
    {
        var doubled = Shortest * Math.Pow(2, Math.Clamp(failuresInRow - 1, 0, 16));
        var capped = doubled < Longest ? doubled : Longest;
        var wait = capped * (1 - (0.2 * jitter));
        var asked = retryAfter ?? TimeSpan.Zero;
        if (asked > RequestTrace.LongestRetryAfter)
        {
            asked = RequestTrace.LongestRetryAfter;
        }

        return asked > wait ? asked : wait;
    }
}
