using System.Collections.Concurrent;
using BackupFunctions.Clocks;

namespace BackupFunctions.SignIn.Transport;

/// <summary>
/// What the vendors' clocks show, learned from the <c>Date</c> header of their replies (RFC 9110 section 6.6.1) where
/// <see cref="ReplyDate"/> believes it, so that an assertion or a one-time code is right even where a vendor's clock is
/// not. Where ours is not, two vendors that agree tell it. Thread-safe.
/// </summary>
internal sealed class VendorClocks
{
    private readonly HostClock _clock;
    private readonly ConcurrentDictionary<string, (TimeSpan Ahead, DateTimeOffset LearnedAt)> _known = new(
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>What was learned while our clock was wrong is put right with it.</summary>
    public VendorClocks(HostClock clock)
    {
        _clock = clock;
        clock.OnCorrection(
            (rightUpTo, by) =>
            {
                foreach (var (server, known) in _known.Where(one => one.Value.LearnedAt > rightUpTo))
                {
                    _known.TryUpdate(server, (known.Ahead - by, known.LearnedAt + by), known);
                }
            }
        );
    }

    /// <summary>The present instant on a server's clock; on ours as long as it has not answered.</summary>
    /// <param name="server">Any address at the server.</param>
    public DateTimeOffset Now(Uri server) => _clock.GetUtcNow() + Ahead(server);

    /// <summary>
    /// How far a server's clock was ahead of ours at its last reply; negative if it lagged, zero before the first.
    /// </summary>
    /// <param name="server">Any address at the server.</param>
    public TimeSpan Ahead(Uri server) => _known.GetValueOrDefault(server.Authority).Ahead;

    /// <summary>
    /// How far a server's clock is ahead of our monotonic one: what changes if either its clock or ours was set.
    /// </summary>
    /// <param name="server">Any address at the server.</param>
    public TimeSpan SteadyAhead(Uri server) => Now(server) - _clock.Steady;

    /// <summary>Learns from a reply that has just arrived.</summary>
    /// <param name="server">The address that answered.</param>
    /// <param name="date">What <see cref="ReplyDate"/> says: whole seconds, cut off.</param>
    /// <param name="sent">The timestamp from before the request was sent.</param>
    /// <param name="mayBeCopy">
    /// Whether a cache may have kept the reply without saying so (RFC 9111: that of a GET): then a time before the one
    /// known is that of the copy.
    /// </param>
    /// <param name="isInDoubt">Whether the time known is in doubt, so that one before it counts in any case.</param>
    public void Observe(Uri server, DateTimeOffset date, long sent, bool mayBeCopy = false, bool isInDoubt = false)
    {
        if (!mayBeCopy && ServerTime.Of(server, isVault: false, date, sent, _clock) is { } shown)
        {
            _clock.Observe(shown);
        }

        var now = _clock.GetUtcNow();
        var ahead = date - now;
        var isNews = isInDoubt || !_known.TryGetValue(server.Authority, out var known) || ahead > known.Ahead;
        if (!mayBeCopy || isNews)
        {
            _known[server.Authority] = (ahead, now);
        }
    }
}
