using System.Collections.Concurrent;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.State;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Goes on saving in the background what the vault did not accept, until it does or the process stops.
/// </summary>
/// <param name="flush">Saves what is pending for a connection; with the lock, or null to go without.</param>
/// <param name="locks">Held during each try: another process may be renewing.</param>
/// <param name="ledger">Tells the other processes that something is pending here.</param>
/// <param name="time">Times the waits between tries.</param>
/// <param name="logger">Of the renewals.</param>
internal sealed class SaveRetries(
    Func<ConnectionState, IRefreshLease?, Task> flush,
    IRefreshLock locks,
    ILedger ledger,
    TimeProvider time,
    ILogger logger
) : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _timeIsUp = new();
    private readonly ConcurrentDictionary<ConnectionState, Task> _underWay = new();

    /// <summary>
    /// Begins to retry, if something is pending and nobody retries it yet. Called while the pending tokens are held.
    /// </summary>
    public void Begin(ConnectionState state) => Begin(state, ShortestWait);

    /// <summary>Begins likewise, with a first try that does not wait.</summary>
    public void BeginNow(ConnectionState state) => Begin(state, TimeSpan.Zero);

    /// <summary>
    /// Tries at once, and then every second, until all is saved or the time is up. The last try goes without the lock
    /// if need be: what it would save is lost otherwise.
    /// </summary>
    /// <param name="granted">How long.</param>
    public async Task DrainAsync(TimeSpan granted)
    {
        var due = granted > TimeSpan.Zero ? granted : TimeSpan.Zero;
        await using var timer = time.CreateTimer(_ => _timeIsUp.Cancel(), null, due, Timeout.InfiniteTimeSpan);
        EndPauses();
        await Task.WhenAll(_underWay.Values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _timeIsUp.Dispose();
    }

    // On the caller's thread: whoever is woken goes on in its own context.
    private void EndPauses() => _stopping.Cancel();

    private void Begin(ConnectionState state, TimeSpan wait)
    {
        if (state.Pending.TryBeginRetry())
        {
            _underWay[state] = RetryAsync(state, wait);
        }
    }

    private async Task RetryAsync(ConnectionState state, TimeSpan firstWait)
    {
        for (var wait = firstWait; ; wait = Next(wait))
        {
            await PauseAsync(wait);
            var isLastTry = _timeIsUp.IsCancellationRequested;
            await FlushUnderLockAsync(state, isLastTry);
            if (await HasEndedAsync(state, isLastTry))
            {
                return;
            }

            await RecordThatItIsPendingAsync(state);
        }
    }

    private Task PauseAsync(TimeSpan wait)
    {
        var pause = _stopping.IsCancellationRequested
            ? Task.Delay(ShortestWait, time, _timeIsUp.Token)
            : Task.Delay(wait, time, _stopping.Token);
        return WithoutThrowingAsync(pause);
    }

    private static async Task WithoutThrowingAsync(Task pause) =>
        await pause.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );

    private static TimeSpan Next(TimeSpan wait)
    {
        if (wait < ShortestWait)
        {
            return ShortestWait;
        }

        return wait * 2 < LongestWait ? wait * 2 : LongestWait;
    }

    /// <summary>
    /// Tells the other processes that the token they take for spent has a successor, which lives as long as this
    /// process does.
    /// </summary>
    private async ValueTask RecordThatItIsPendingAsync(ConnectionState state)
    {
        if (state.Pending.RefreshToken is not null)
        {
            var now = time.GetUtcNow();
            await ledger.UpdateAsync(
                state.Connection.Key,
                record => record.WithUnsavedSeen(now),
                CancellationToken.None
            );
        }
    }

    private async Task<bool> HasEndedAsync(ConnectionState state, bool isLastTry)
    {
        using var held = await state.Pending.HoldAsync();
        if (!state.Pending.IsEmpty && !isLastTry)
        {
            return false;
        }

        state.Pending.EndRetry();
        _underWay.TryRemove(state, out _);
        return true;
    }

    private async Task FlushUnderLockAsync(ConnectionState state, bool isLastTry)
    {
        try
        {
            await using var lease = await locks.AcquireAsync(state.Connection.Key, _timeIsUp.Token);
            await flush(state, lease);
        }
        catch (RefreshLockUnavailableException exception)
        {
            // Better saved without the lock than not at all; but not while another process renews, which may be about
            // to save.
            RenewalLog.LockUnavailable(logger, state.Connection.Key, exception);
            if (!exception.IsHeldByOther || isLastTry)
            {
                await flush(state, null);
            }
        }
        catch (OperationCanceledException) when (_timeIsUp.IsCancellationRequested)
        {
            await flush(state, null);
        }
        catch (Exception exception)
        {
            // Our own fault is no reason to lose a refresh token: it is tried again.
            RenewalLog.RenewalFailedUnexpectedly(logger, state.Connection.Key, exception);
        }
    }
}
