using BackupFunctions.State;

namespace BackupFunctions.KeyVault;

/// <summary>
/// Keeps calls within a vault's limit: no more than so many in any ten seconds. Callers go before background work,
/// which uses four fifths of the limit so that callers find room. Our own code, because the limiters of
/// System.Threading.RateLimiting wait on the wall clock (docs/adr/0202).
/// </summary>
/// <param name="perTenSeconds">The limit; null for none.</param>
/// <param name="time">Times the waits, on its monotonic clock: to set the other one lets no call through.</param>
internal sealed class VaultWriteLimiter(int? perTenSeconds, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan YieldToCallers = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<long> _calls = new();

    /// <summary>
    /// The last call of each priority that waits or waited: the next one follows it, so that only one watches the
    /// clock.
    /// </summary>
    private readonly Task[] _last = [Task.CompletedTask, Task.CompletedTask];

    /// <summary>
    /// Counts a call that does not wait: a delay could lose a refresh token, which costs a sign-in or a person.
    /// </summary>
    public void Count()
    {
        if (perTenSeconds is null)
        {
            return;
        }

        lock (_gate)
        {
            Forget();
            _calls.Enqueue(time.GetTimestamp());
        }
    }

    /// <summary>Waits until a call may be made, and counts it.</summary>
    public async Task WaitAsync(WritePriority priority, CancellationToken cancellationToken)
    {
        if (perTenSeconds is not { } limit)
        {
            return;
        }

        var share = priority == WritePriority.Caller ? limit : Math.Max(1, limit * 4 / 5);
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Interlocked.Exchange(ref _last[(int)priority], turn.Task);
        try
        {
            await before.WaitAsync(cancellationToken);
            while (TryCount(priority, share) is { } wait)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
        finally
        {
            turn.SetResult();
        }
    }

    /// <summary>Counts a call if there is room now; otherwise returns how long to wait before the next try.</summary>
    private TimeSpan? TryCount(WritePriority priority, int limit)
    {
        lock (_gate)
        {
            Forget();
            if (_calls.Count >= limit)
            {
                // Timers count whole milliseconds and drop the rest; without the extra one the next try could come too
                // early.
                return Window - time.GetElapsedTime(_calls.Peek()) + TimeSpan.FromMilliseconds(1);
            }

            if (priority == WritePriority.Background && !_last[(int)WritePriority.Caller].IsCompleted)
            {
                return YieldToCallers;
            }

            _calls.Enqueue(time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Forgets the calls that no longer count. Called under the gate.</summary>
    private void Forget()
    {
        while (_calls.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
        {
            _calls.Dequeue();
        }
    }
}
