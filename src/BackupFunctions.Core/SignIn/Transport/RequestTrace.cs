namespace BackupFunctions.SignIn.Transport;

/// <summary>What is learned about one request to a vendor on its way through the pipeline.</summary>
internal sealed class RequestTrace
{
    /// <summary>The longest <c>Retry-After</c> of a vendor that is obeyed.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Where the pipeline finds it on the request.</summary>
    public static readonly HttpRequestOptionsKey<RequestTrace> Key = new("BackupFunctions.Exchange");

    /// <summary>
    /// Whether the request spends something that works once, so that it is never repeated once it may have arrived.
    /// </summary>
    public bool Spends { get; init; }

    /// <summary>Asked as each attempt is sent; throws to prevent it. Null if it always may.</summary>
    public Action? EnsureMaySend { get; init; }

    /// <summary>
    /// Whether the server's clock is in doubt, so that the reply's time counts although it is before the one known.
    /// </summary>
    public bool IsClockInDoubt { get; init; }

    /// <summary>How many attempts were sent.</summary>
    public int Attempts { get; set; }

    /// <summary>The timestamp at which the first attempt was sent: the pipeline's time runs from here.</summary>
    public long Begun { get; set; }

    /// <summary>When the last attempt was sent: a token's lifetime counts from here.</summary>
    public DateTimeOffset SentAt { get; set; }

    /// <summary>
    /// The time of the last reply on the vendor's clock: what its <c>Date</c> shows or, without one, what the vendor's
    /// clock is known to show; null before a reply.
    /// </summary>
    public DateTimeOffset? VendorTime { get; set; }

    /// <summary>
    /// The wait that a reply asks for: seconds, or a date on the vendor's clock (RFC 9110 section 10.2.3); an hour at
    /// most.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            { Date: { } date } => date - (ReplyDate.Of(response, now) ?? now),
            _ => null,
        };
        if (asked < TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        return asked > LongestRetryAfter ? LongestRetryAfter : asked;
    }
}
