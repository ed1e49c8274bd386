using BackupFunctions.Tokens;

namespace BackupFunctions.State;

/// <summary>
/// Runs one renewal or sign-out of a connection at a time; callers who need the same join it. Thread-safe.
/// </summary>
/// <param name="before">What must end first; null for nothing.</param>
internal sealed class RenewalQueue(RenewalQueue? before = null)
{
    private readonly Task _before = before?.UnderWay ?? Task.CompletedTask;
    private readonly Lock _lock = new();
    private SharedRenewal? _newest;

    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _newest is { Result.IsCompleted: false };
            }
        }
    }

    private Task UnderWay
    {
        get
        {
            lock (_lock)
            {
                return _newest?.Result ?? _before;
            }
        }
    }

    /// <summary>
    /// Joins the renewal under way, or starts one. An operator's renewal joins only another operator's.
    /// </summary>
    /// <param name="byOperator">Whether an operator asks for it.</param>
    /// <param name="renew">Renews.</param>
    /// <param name="started">Whether one was started.</param>
    /// <param name="mayJoin">False if no other renewal will do: it waits for the one under way, and is started.</param>
    public SharedRenewal JoinOrStart(
        bool byOperator,
        Func<Task<AccessToken?>> renew,
        out bool started,
        bool mayJoin = true
    )
    {
        lock (_lock)
        {
            if (mayJoin && _newest is { Result.IsCompleted: false } newest && (newest.ByOperator || !byOperator))
            {
                started = false;
                return newest;
            }

            started = true;
            _newest = new SharedRenewal(AfterAsync(_newest?.Result ?? _before, renew), byOperator);
            return _newest;
        }
    }

    /// <summary>Runs a sign-out after the renewal under way and before any other.</summary>
    public Task<T> StartSignOut<T>(Func<Task<T>> signOut)
    {
        lock (_lock)
        {
            var task = AfterAsync(_newest?.Result ?? _before, signOut);
            _newest = new SharedRenewal(WithoutTokenAsync(task), byOperator: false);
            return task;
        }
    }

    private static async Task<T> AfterAsync<T>(Task previous, Func<Task<T>> run)
    {
        // Off the caller's thread and out of the lock, whatever comes first.
        await previous.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ForceYielding
                | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
        return await run();
    }

    private static async Task<AccessToken?> WithoutTokenAsync(Task signOut)
    {
        await signOut.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
        return null;
    }
}
