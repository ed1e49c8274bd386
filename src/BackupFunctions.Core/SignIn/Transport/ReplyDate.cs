namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// Which replies show their server's clock. A cache serves a reply with the <c>Date</c> of the day it was made (RFC
/// 9111 section 4): that is not the time now, and whoever took it for the server's clock would be refused.
/// </summary>
internal static class ReplyDate
{
    /// <summary>
    /// A clock that was never set may show 1970; beyond a century it is no clock, and its instants might not be
    /// representable.
    /// </summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(36_525);

    /// <summary>Where caches say that they, not the server, had the reply: RFC 9211, and what came before it.</summary>
    private static readonly string[] CacheHeaders =
    [
        "Cache-Status",
        "X-Cache",
        "X-Cache-Status",
        "X-Proxy-Cache",
        "CF-Cache-Status",
    ];

    /// <summary>The time on the server's clock when it replied; null if the reply does not show it.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="askedAt">When the request was sent, on our clock.</param>
    public static DateTimeOffset? Of(HttpResponseMessage reply, DateTimeOffset askedAt)
    {
        if (
            reply.Headers.Date is not { } date
            || (date - askedAt).Duration() > Furthest
            || reply.Content.Headers.LastModified > date
        )
        {
            return null;
        }

        var isCopy = IsFromCache(reply) || (date < askedAt && MayBeKept(reply, date));
        return isCopy ? null : date;
    }

    /// <summary>Whether a cache says that it served the reply, as even Age: 0 does (RFC 9111 section 5.1).</summary>
    private static bool IsFromCache(HttpResponseMessage reply) =>
        reply.Headers.Contains("Age")
        || CacheHeaders.Any(name =>
            reply.Headers.TryGetValues(name, out var values)
            && values.Any(value => value.Contains("hit", StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>Whether the server allows caches to serve the reply for some time (RFC 9111 section 4.2.1).</summary>
    private static bool MayBeKept(HttpResponseMessage reply, DateTimeOffset date) =>
        reply.Headers.CacheControl is { } control
            ? !control.NoStore && !control.NoCache && (control.SharedMaxAge ?? control.MaxAge) > TimeSpan.Zero
            : reply.Content.Headers.Expires > date;
}
