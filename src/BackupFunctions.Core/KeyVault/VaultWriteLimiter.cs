namespace BackupFunctions.KeyVault;

/// <summary>
/// Keeps calls within a vault's limit: never more than so many in any ten seconds. The urgent go first, those of one urgency in
/// the order in which they came; what is done in the background drips at four fifths of the limit, so that callers find room.
/// Own code, because the limiters of System.Threading.RateLimiting wait on the wall clock (docs/adr/0202).
/// </summary>
/// <param name="perTenSeconds">How many; null for any number.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class VaultWriteLimiter(int? perTenSeconds, TimeProvider time)
{
    private const double BackgroundShare = 0.8;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (Urgency Urgency, long Number)> _waiting = new();
    private readonly Queue<DateTimeOffset> _let = new();
    private DateTimeOffset _nextInBackground;
    private long _number;
    private bool _isPumping;

    /// <summary>Waits until a call may be made. A refresh token never waits: its wait could lose it.</summary>
    /// <param name="urgency">Who goes first.</param>
    public Task WaitAsync(Urgency urgency)
    {
        if (perTenSeconds is not { } limit)
        {
            return Task.CompletedTask;
        }

        lock (_gate)
        {
            var now = time.GetUtcNow();
            var isFirst = !_waiting.TryPeek(out _, out var first) || urgency < first.Urgency;
            if (urgency == Urgency.RefreshToken || (isFirst && Wait(urgency, limit, now) <= TimeSpan.Zero))
            {
                Let(urgency, limit, now);
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, (urgency, _number++));
            if (!_isPumping)
            {
                _isPumping = true;
                _ = PumpAsync(limit);
            }

            return turn.Task;
        }
    }

    private async Task PumpAsync(int limit)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (LetGo(limit) is { } wait)
        {
            await Task.Delay(wait, time);
        }
    }

    /// <summary>Lets go who may, and says when the next may; null if nobody waits.</summary>
    private TimeSpan? LetGo(int limit)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_waiting.TryPeek(out var turn, out var place))
            {
                var wait = Wait(place.Urgency, limit, now);
                if (wait > TimeSpan.Zero)
                {
                    // Timers count whole milliseconds; a shorter wait would only spin.
                    return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
                }

                _waiting.Dequeue();
                Let(place.Urgency, limit, now);
                turn.SetResult();
            }

            _isPumping = false;
            return null;
        }
    }

    private TimeSpan Wait(Urgency urgency, int limit, DateTimeOffset now)
    {
        while (_let.TryPeek(out var first) && now - first >= Window)
        {
            _let.Dequeue();
        }

        var forRoom = _let.Count < limit ? TimeSpan.Zero : _let.Peek() + Window - now;
        var forDrip = urgency == Urgency.Background ? _nextInBackground - now : TimeSpan.Zero;
        return forRoom > forDrip ? forRoom : forDrip;
    }

    private void Let(Urgency urgency, int limit, DateTimeOffset now)
    {
        _let.Enqueue(now);
        if (urgency == Urgency.Background)
        {
            // What was not used for a second may be made up for: timers are late now and then.
            var earliest = now - TimeSpan.FromSeconds(1);
            _nextInBackground =
                (_nextInBackground > earliest ? _nextInBackground : earliest) + (Window / (limit * BackgroundShare));
        }
    }
}
