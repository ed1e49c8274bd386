using System.Collections.Concurrent;

namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// What the vendors' clocks show, learned from the <c>Date</c> header of their replies (RFC 9110 section 6.6.1), so
/// that an assertion or a one-time code is right even where one of the two clocks is not. Thread-safe.
/// </summary>
internal sealed class VendorClocks(TimeProvider time)
{
    /// <summary>
    /// A clock that was never set may show 1970; beyond a century it is no clock, and its instants might not be
    /// representable.
    /// </summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(36_525);

    private readonly ConcurrentDictionary<string, TimeSpan> _ahead = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The present instant on a server's clock; on ours as long as it has not answered.</summary>
    /// <param name="server">Any address at the server.</param>
    public DateTimeOffset Now(Uri server) => time.GetUtcNow() + Ahead(server);

    /// <summary>
    /// How far a server's clock was ahead of ours at its last reply; negative if it lagged, zero before the first.
    /// </summary>
    /// <param name="server">Any address at the server.</param>
    public TimeSpan Ahead(Uri server) => _ahead.GetValueOrDefault(server.Authority);

    /// <summary>Learns from a reply.</summary>
    /// <param name="server">The address that answered.</param>
    /// <param name="date">The reply's <c>Date</c>: whole seconds, cut off.</param>
    /// <param name="receivedAt">When it came, on our clock.</param>
    public void Observe(Uri server, DateTimeOffset date, DateTimeOffset receivedAt)
    {
        var ahead = date - receivedAt;
        if (ahead.Duration() < Furthest)
        {
            _ahead[server.Authority] = ahead;
        }
    }
}
