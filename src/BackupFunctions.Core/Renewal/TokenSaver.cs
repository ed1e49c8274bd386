using System.Collections.Concurrent;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Saves what a vendor granted: the refresh token before anything else. What the vault does not accept stays in memory and is saved
/// as soon as possible; no caller and no shutdown cancels a save.
/// </summary>
internal sealed class TokenSaver(
    ITokenStore store,
    IRefreshLock locks,
    ILedger ledger,
    TimeProvider time,
    ILogger<TokenSaver> logger
) : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly PendingTokenWriter _writer = new(store, logger);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<ConnectionState, Task> _retries = new();

    /// <summary>Saves the refresh token of a grant, if it has one, and keeps the rest as pending.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="grant">What the vendor granted.</param>
    /// <param name="wasLockLost">Whether another process may have renewed meanwhile, whose newer token is not overwritten.</param>
    public async Task SaveRefreshTokenAsync(ConnectionState state, TokenGrant grant, bool wasLockLost)
    {
        using var held = await state.Pending.HoldAsync();
        state.Pending.Replace(grant);
        await (
            wasLockLost
                ? _writer.SaveUnlessSupersededAsync(state, WritePriority.Caller)
                : _writer.SaveRefreshTokenAsync(state)
        );
    }

    /// <summary>Saves a refresh token that arrived without an access token.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="refreshToken">All that is left of a session at the vendor.</param>
    /// <param name="wasLockLost">Whether another process may have renewed meanwhile, whose newer token is not overwritten.</param>
    public async Task SaveUnpairedAsync(ConnectionState state, RefreshToken refreshToken, bool wasLockLost)
    {
        using var held = await state.Pending.HoldAsync();
        state.Pending.ReplaceRefreshToken(refreshToken);
        await (
            wasLockLost
                ? _writer.SaveUnlessSupersededAsync(state, WritePriority.Caller)
                : _writer.SaveRefreshTokenAsync(state)
        );
        RetryUntilSaved(state);
    }

    /// <summary>Saves the access token of the grant, and goes on trying in the background what the vault does not accept.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="isUsable">False if the access token is of no use to anyone.</param>
    /// <param name="priority">Whether a caller waits for it.</param>
    /// <param name="wasLockLost">Whether another process may have renewed meanwhile, whose newer token is not overwritten.</param>
    public async Task SaveAccessTokenAsync(
        ConnectionState state,
        bool isUsable,
        WritePriority priority,
        bool wasLockLost
    )
    {
        using var held = await state.Pending.HoldAsync();
        if (!isUsable)
        {
            state.Pending.ClearAccessToken();
        }

        await (
            wasLockLost
                ? _writer.SaveUnlessSupersededAsync(state, priority)
                : _writer.SaveAccessTokenAsync(state, priority)
        );
        RetryUntilSaved(state);
    }

    /// <summary>
    /// Saves what an earlier renewal could not, unless another process has saved a newer token meanwhile. Called under the refresh lock.
    /// </summary>
    public async Task FlushAsync(ConnectionState state)
    {
        using var held = await state.Pending.HoldAsync();
        await GiveUpIfSignedOutAsync(state);
        await _writer.SaveUnlessSupersededAsync(state, WritePriority.Caller);
    }

    /// <summary>Gives up what is pending: the connection is signed out.</summary>
    /// <returns>The pending refresh token; null if there was none.</returns>
    public static async Task<RefreshToken?> GiveUpAsync(ConnectionState state)
    {
        using var held = await state.Pending.HoldAsync();
        var refreshToken = state.Pending.RefreshToken;
        state.Pending.Clear();
        return refreshToken;
    }

    /// <summary>Ends the waits between tries, and saves what is left once more.</summary>
    public async Task DrainAsync()
    {
        Stop();
        await Task.WhenAll(_retries.Values);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    // On the caller's thread: it only wakes waits between tries, which is not worth a thread.
    private void Stop() => _stopping.Cancel();

    /// <summary>What was obtained before an operator signed the connection out, at whatever instance, must not return to the vault.</summary>
    private async Task GiveUpIfSignedOutAsync(ConnectionState state)
    {
        var pending = state.Pending;
        if (pending.IsEmpty)
        {
            return;
        }

        var record = await ledger.ReadAsync(state.Connection.Key, newest: true, CancellationToken.None);
        if (record.SignedOutAt is { } since && pending.IssuedAt <= since)
        {
            RenewalLog.GivenUp(logger, state.Connection.Key, pending.Fingerprint!);
            pending.Clear();
        }
    }

    /// <summary>Called while the pending tokens are held.</summary>
    private void RetryUntilSaved(ConnectionState state)
    {
        if (state.Pending.TryBeginRetry())
        {
            _retries[state] = RetryAsync(state);
        }
    }

    private async Task RetryAsync(ConnectionState state)
    {
        for (var wait = ShortestWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var isLastTry = _stopping.IsCancellationRequested;
            if (!isLastTry)
            {
                await Task.Delay(wait, time, _stopping.Token)
                    .ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                    );
            }

            await FlushUnderLockAsync(state, isLastTry);
            if (await HasEndedAsync(state, isLastTry))
            {
                return;
            }

            await RecordThatItIsPendingAsync(state);
        }
    }

    /// <summary>Tells the other processes that the token they take for spent has a successor, which lives as long as this process does.</summary>
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
        _retries.TryRemove(state, out _);
        return true;
    }

    private async Task FlushUnderLockAsync(ConnectionState state, bool isLastTry)
    {
        try
        {
            await using var lease = await locks.AcquireAsync(state.Connection.Key, CancellationToken.None);
            await FlushAsync(state);
        }
        catch (RefreshLockUnavailableException exception)
        {
            // Better saved without the lock than not at all; but not while another process renews, which may be about to save.
            RenewalLog.LockUnavailable(logger, state.Connection.Key, exception);
            if (!exception.IsHeldByOther || isLastTry)
            {
                await FlushAsync(state);
            }
        }
        catch (Exception exception)
        {
            // Our own fault is no reason to lose a refresh token: it is tried again.
            RenewalLog.RenewalFailedUnexpectedly(logger, state.Connection.Key, exception);
        }
    }
}
