using System.Net.Http.Headers;
using BackupFunctions.Renewal;

namespace BackupFunctions.SignIn;

/// <summary>What is noted of one request to a vendor while it goes through the pipeline.</summary>
internal sealed class RequestTrace
{
    /// <summary>Where the pipeline finds it on the request.</summary>
    public static readonly HttpRequestOptionsKey<RequestTrace> Key = new("BackupFunctions.Exchange");

    /// <summary>Whether the request spends something that works once: then it is never repeated if it may have arrived.</summary>
    public bool Spends { get; init; }

    /// <summary>How many attempts were sent.</summary>
    public int Attempts { get; set; }

    /// <summary>When the first attempt was sent: the pipeline's time runs from here.</summary>
    public DateTimeOffset BegunAt { get; set; }

    /// <summary>When the last attempt was sent: a token's life counts from here.</summary>
    public DateTimeOffset SentAt { get; set; }

    /// <summary>The <c>Date</c> of the reply, on the vendor's clock; null without one.</summary>
    public DateTimeOffset? Date { get; set; }

    /// <summary>RFC 9110 section 10.2.3: seconds, or a date on the vendor's clock; cut to what is believed of a vendor.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            { Date: { } date } => date - (response.Headers.Date ?? now),
            RetryConditionHeaderValue or null => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > RenewalRules.LongestRetryAfter ? RenewalRules.LongestRetryAfter
            : wait;
    }
}
