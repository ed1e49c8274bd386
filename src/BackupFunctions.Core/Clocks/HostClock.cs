using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Clocks;

/// <summary>
/// The clock that the whole app goes by, because this host's may be wrong or be set: it counts on the monotonic clock
/// and is corrected by what the vaults, and the vendors in second place, say of the time (docs/adr/0301). Thread-safe.
/// </summary>
/// <param name="system">The host's clocks.</param>
/// <param name="logger">Where corrections are told; null for nowhere.</param>
internal sealed class HostClock(TimeProvider system, ILogger<HostClock>? logger = null) : TimeProvider
{
    /// <summary>How many servers' times are kept: two that agree are enough.</summary>
    private const int MostServers = 16;

    private readonly ILogger _logger = logger ?? NullLogger<HostClock>.Instance;
    private readonly Lock _lock = new();
    private readonly List<ServerTime> _servers = [];
    private volatile ClockLine _line = new(system.GetUtcNow(), system.GetUtcNow(), system.GetTimestamp());
    private readonly (DateTimeOffset At, long Timestamp) _start = (system.GetUtcNow(), system.GetTimestamp());
    private ImmutableArray<Action<DateTimeOffset, TimeSpan>> _listeners = [];
    private DateTimeOffset? _confirmedAt;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => system.TimestampFrequency;

    /// <summary>
    /// How far the host's own clock is ahead of the true time; negative if it lags behind, zero if it is right, null as
    /// long as no server has told.
    /// </summary>
    public TimeSpan? HostAhead
    {
        get
        {
            lock (_lock)
            {
                if (_confirmedAt is null)
                {
                    return null;
                }

                var ahead = system.GetUtcNow() - GetUtcNow();
                return ahead.Duration() <= ServerAhead.Tolerance ? TimeSpan.Zero : ahead;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var line = _line;
        var elapsed = system.GetElapsedTime(line.Timestamp);
        return line.Holds(elapsed, system.GetUtcNow()) ? line.Now + elapsed : FollowStep();
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => system.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    /// <summary>An instant that only the monotonic clock moves, and no correction: for what must not jump.</summary>
    public DateTimeOffset Steady => _start.At + system.GetElapsedTime(_start.Timestamp);

    /// <summary>An instant of this clock as the host's own clock shows it, which the host's timers go by.</summary>
    public DateTimeOffset ToHost(DateTimeOffset instant) => instant + (system.GetUtcNow() - GetUtcNow());

    /// <summary>An instant of the host's own clock as this one shows it.</summary>
    public DateTimeOffset FromHost(DateTimeOffset instant) => instant - (system.GetUtcNow() - GetUtcNow());

    /// <summary>Tells of corrections from now on.</summary>
    /// <param name="tell">
    /// Is told the instant up to which instants of this clock are right, and by how much it was corrected: negative if
    /// it was ahead.
    /// </param>
    public void OnCorrection(Action<DateTimeOffset, TimeSpan> tell) =>
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), tell);

    /// <summary>Learns from what a server's clock showed.</summary>
    public void Observe(ServerTime server)
    {
        TimeSpan ahead;
        DateTimeOffset? confirmedAt;
        lock (_lock)
        {
            var now = GetUtcNow();
            ahead = AheadOf(server, now).Ahead;
            var verdict = AheadOf(server, now).Judge(_servers.Select(other => AheadOf(other, now)));
            Keep(server);
            if (verdict == ClockVerdict.Unsure)
            {
                return;
            }

            confirmedAt = _confirmedAt;
            _confirmedAt = now;
            if (verdict == ClockVerdict.Right)
            {
                return;
            }

            _confirmedAt = now + ahead;
            _line = new ClockLine(now + ahead, system.GetUtcNow(), system.GetTimestamp());
        }

        ClockLog.Corrected(_logger, server.Server, ahead.TotalSeconds, ClockLog.InWords(HostAhead));
        foreach (var listener in _listeners)
        {
            listener(confirmedAt ?? DateTimeOffset.MinValue, ahead);
        }
    }

    /// <summary>The system clock seems to have been set: looks again, and takes up the line from here.</summary>
    private DateTimeOffset FollowStep()
    {
        lock (_lock)
        {
            var (shown, timestamp) = (system.GetUtcNow(), system.GetTimestamp());
            var elapsed = system.GetElapsedTime(_line.Timestamp, timestamp);
            if (!_line.Holds(elapsed, shown))
            {
                _line = _line.After(elapsed, shown, timestamp);

                // While the host was suspended, the servers' clocks ran on.
                _servers.Clear();
                return _line.Now;
            }

            return _line.Now + elapsed;
        }
    }

    private ServerAhead AheadOf(ServerTime server, DateTimeOffset now) =>
        new(server.Server, server.IsVault, server.Shown + system.GetElapsedTime(server.Timestamp) - now);

    private void Keep(ServerTime server)
    {
        _servers.RemoveAll(known => known.Server == server.Server);
        _servers.Add(server);
        if (_servers.Count > MostServers)
        {
            _servers.RemoveAt(_servers.FindIndex(known => !known.IsVault));
        }
    }
}
