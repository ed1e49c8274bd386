namespace BackupFunctions.Renewal;

/// <summary>The numbers of the contract (design.md, "Getting and renewing").</summary>
public static class RenewalRules
{
    /// <summary>The life that a token must still have where the caller names none.</summary>
    public static readonly TimeSpan DefaultMinimumLifetime = TimeSpan.FromSeconds(60);

    /// <summary>The longest life that a caller may ask for.</summary>
    public static readonly TimeSpan LongestMinimumLifetime = TimeSpan.FromDays(1);

    /// <summary>A token younger than this is handed out where a caller asks for a renewal by hand.</summary>
    public static readonly TimeSpan YoungEnough = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller waits for a renewal while the token in hand is still usable.</summary>
    public static readonly TimeSpan PatienceInWindow = TimeSpan.FromSeconds(1);

    /// <summary>The wait after a first failed renewal; it doubles with each further one.</summary>
    public static readonly TimeSpan ShortestBackOff = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait between two renewals that fail.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(15);

    /// <summary>How long refused credentials are not tried again, unless the vault has a new version of them.</summary>
    public static readonly TimeSpan RefusalHold = TimeSpan.FromHours(1);

    /// <summary>How often a vendor may refuse an account's credentials within <see cref="RefusalWindow"/>: more might lock it.</summary>
    public const int MostRefusals = 3;

    /// <summary>The time in which refusals are counted.</summary>
    public static readonly TimeSpan RefusalWindow = TimeSpan.FromHours(1);

    /// <summary>How long before its end a credential is warned of.</summary>
    public static readonly TimeSpan CredentialExpiryNotice = TimeSpan.FromDays(30);

    /// <summary>The longest <c>Retry-After</c> of a vendor that is believed.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>
    /// How long another process is believed to have in memory a refresh token that the vault did not take from it, since it last said so. It
    /// says so each time it has tried, at least every other minute; if it has not for this long it is dead, or cannot reach the record.
    /// </summary>
    public static readonly TimeSpan LongestUnsaved = TimeSpan.FromMinutes(5);

    /// <summary>While nothing may be tried, the vault is asked for news no more often than this.</summary>
    public static readonly TimeSpan NewsInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many rejected tokens in a row are renewed at once.</summary>
    public const int RejectionBurst = 5;

    /// <summary>After the burst, one rejected token is renewed in this time: a caller whose 401 means something else must not hammer a vendor.</summary>
    public static readonly TimeSpan RejectionInterval = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the next attempt: 30 s doubling to 15 minutes, up to a fifth shorter by chance.</summary>
    /// <param name="failuresInRow">How many attempts have failed; at least one.</param>
    /// <param name="chance">A random number from 0 to 1: the jitter.</param>
    public static TimeSpan BackOff(int failuresInRow, double chance)
    {
        var doubled = ShortestBackOff * Math.Pow(2, Math.Clamp(failuresInRow - 1, 0, 16));
        var capped = doubled < LongestBackOff ? doubled : LongestBackOff;
        return capped * (1 - (0.2 * chance));
    }

    /// <summary>The same, or as long as the vendor asks for if that is longer: an hour at most.</summary>
    /// <param name="failuresInRow">How many attempts have failed; at least one.</param>
    /// <param name="retryAfter">The vendor's <c>Retry-After</c>; null if it gave none.</param>
    /// <param name="chance">A random number from 0 to 1: the jitter.</param>
    public static TimeSpan BackOff(int failuresInRow, TimeSpan? retryAfter, double chance)
    {
        var backOff = BackOff(failuresInRow, chance);
        var asked =
            retryAfter < LongestRetryAfter ? retryAfter.Value
            : retryAfter is null ? TimeSpan.Zero
            : LongestRetryAfter;
        return asked > backOff ? asked : backOff;
    }
}
