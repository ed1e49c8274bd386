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
    private Flight? _flight;

    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _flight is { Task.IsCompleted: false };
            }
        }
    }

    private Task UnderWay
    {
        get
        {
            lock (_lock)
            {
                return _flight?.Task ?? _before;
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
    /// <returns>The token; null if the connection was signed out instead.</returns>
    public Task<AccessToken?> JoinOrStart(
        bool byOperator,
        Func<Task<AccessToken?>> renew,
        out bool started,
        bool mayJoin = true
    )
    {
        lock (_lock)
        {
            if (mayJoin && _flight is { Task.IsCompleted: false } flight && (flight.ByOperator || !byOperator))
            {
                started = false;
                return flight.Task;
            }

            started = true;
            _flight = new Flight(AfterAsync(_flight?.Task ?? _before, renew), byOperator);
            return _flight.Task;
        }
    }

    /// <summary>Runs a sign-out after the renewal under way and before any other.</summary>
    public Task<T> StartSignOut<T>(Func<Task<T>> signOut)
    {
        lock (_lock)
        {
            var task = AfterAsync(_flight?.Task ?? _before, signOut);
            _flight = new Flight(WithoutTokenAsync(task), ByOperator: false);
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

    private sealed record Flight(Task<AccessToken?> Task, bool ByOperator);
}
