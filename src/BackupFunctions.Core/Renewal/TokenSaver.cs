using System.Collections.Concurrent;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Saves what a vendor granted: the refresh token before anything else. What the vault does not take stays in memory and is
/// saved as soon as possible; no caller and no shutdown cancels a save.
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

    private readonly UnsavedWriter _writer = new(store, logger);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<ConnectionState, Task> _retries = new();

    /// <summary>Saves the refresh token of a grant, if it has one, and notes what is still to be saved.</summary>
    /// <param name="session">Whose grant it is.</param>
    /// <param name="grant">What the vendor granted.</param>
    /// <param name="wasLockLost">Whether somebody else may have renewed meanwhile: a newer token of theirs is not overwritten.</param>
    public async Task SaveRefreshTokenAsync(ConnectionState session, TokenGrant grant, bool wasLockLost)
    {
        var unsaved = session.Unsaved;
        using var held = await unsaved.HoldAsync();
        unsaved.AccessToken = grant.AccessToken;
        unsaved.RefreshToken = grant.RefreshToken;
        await (wasLockLost ? _writer.SaveUnlessSupersededAsync(session) : _writer.SaveRefreshTokenAsync(session));
    }

    /// <summary>Saves a refresh token that came without an access token.</summary>
    /// <param name="session">Whose token it is.</param>
    /// <param name="refreshToken">All that is left of a session at the vendor.</param>
    /// <param name="wasLockLost">Whether somebody else may have renewed meanwhile: a newer token of theirs is not overwritten.</param>
    public async Task SaveUnpairedAsync(ConnectionState session, RefreshToken refreshToken, bool wasLockLost)
    {
        var unsaved = session.Unsaved;
        using var held = await unsaved.HoldAsync();
        unsaved.RefreshToken = refreshToken;
        await (wasLockLost ? _writer.SaveUnlessSupersededAsync(session) : _writer.SaveRefreshTokenAsync(session));
        RetryUntilSaved(session);
    }

    /// <summary>Saves what is not saved yet, and goes on trying in the background if the vault does not take it.</summary>
    /// <param name="session">Whose tokens.</param>
    /// <param name="withAccessToken">False if the access token is of no use to anybody.</param>
    /// <param name="wasLockLost">Whether somebody else may have renewed meanwhile: a newer token of theirs is not overwritten.</param>
    public async Task SaveRestAsync(ConnectionState session, bool withAccessToken, bool wasLockLost)
    {
        var unsaved = session.Unsaved;
        using var held = await unsaved.HoldAsync();
        unsaved.AccessToken = withAccessToken ? unsaved.AccessToken : null;
        await (wasLockLost ? _writer.SaveUnlessSupersededAsync(session) : _writer.SaveAccessTokenAsync(session));
        RetryUntilSaved(session);
    }

    /// <summary>
    /// Saves what an earlier renewal could not, unless somebody else has saved a newer token meanwhile. Called under the
    /// refresh lock.
    /// </summary>
    public async Task FlushAsync(ConnectionState session)
    {
        using var held = await session.Unsaved.HoldAsync();
        await GiveUpWhatWasSignedOutAsync(session);
        await _writer.SaveUnlessSupersededAsync(session);
    }

    /// <summary>What was obtained before an operator signed the connection out, at whatever instance, does not come back into the vault.</summary>
    private async Task GiveUpWhatWasSignedOutAsync(ConnectionState session)
    {
        var unsaved = session.Unsaved;
        if (
            unsaved.IsEmpty
            || (await ledger.ReadAsync(session.Connection.Key, newest: true, CancellationToken.None)).SignedOutAt
                is not { } since
        )
        {
            return;
        }

        if ((unsaved.RefreshToken?.IssuedAt ?? unsaved.AccessToken!.IssuedAt) <= since)
        {
            TokenLog.GivenUp(
                logger,
                session.Connection.Key,
                unsaved.RefreshToken?.Fingerprint ?? unsaved.AccessToken!.Fingerprint
            );
            (unsaved.RefreshToken, unsaved.AccessToken) = (null, null);
        }
    }

    /// <summary>Gives up what is not saved yet: the connection is signed out.</summary>
    /// <returns>The refresh token among it; null if there was none.</returns>
    public static async Task<RefreshToken?> GiveUpAsync(ConnectionState session)
    {
        var unsaved = session.Unsaved;
        using var held = await unsaved.HoldAsync();
        var refreshToken = unsaved.RefreshToken;
        (unsaved.RefreshToken, unsaved.AccessToken) = (null, null);
        return refreshToken;
    }

    /// <summary>Stops waiting between tries and saves what is left once more.</summary>
    public async Task DrainAsync()
    {
        Stop();
        await Task.WhenAll(_retries.Values);
    }

    // On the caller's thread: what the cancellation wakes are waits between tries, which do no work in it worth a thread.
    private void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Called while what is unsaved is held.</summary>
    private void RetryUntilSaved(ConnectionState session)
    {
        if (!session.Unsaved.IsEmpty && !session.Unsaved.IsBeingRetried)
        {
            session.Unsaved.IsBeingRetried = true;
            _retries[session] = RetryAsync(session);
        }
    }

    private async Task RetryAsync(ConnectionState session)
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

            await FlushUnderLockAsync(session, isLastTry);
            if (await HasEndedAsync(session, isLastTry))
            {
                return;
            }

            await SayThatItIsUnsavedAsync(session);
        }
    }

    /// <summary>Tells the other processes that what they take for spent has a successor, which lives as long as this process does.</summary>
    private ValueTask SayThatItIsUnsavedAsync(ConnectionState session)
    {
        var now = time.GetUtcNow();
        return session.Unsaved.RefreshToken is null
            ? ValueTask.CompletedTask
            : ledger.UpdateAsync(
                session.Connection.Key,
                entry => entry.SpentRefreshToken is null ? entry : entry with { UnsavedSeenAt = now },
                CancellationToken.None
            );
    }

    private async Task<bool> HasEndedAsync(ConnectionState session, bool isLastTry)
    {
        using var held = await session.Unsaved.HoldAsync();
        if (!session.Unsaved.IsEmpty && !isLastTry)
        {
            return false;
        }

        session.Unsaved.IsBeingRetried = false;
        _retries.TryRemove(session, out _);
        return true;
    }

    private async Task FlushUnderLockAsync(ConnectionState session, bool isLastTry)
    {
        try
        {
            await using var lease = await locks.AcquireAsync(session.Connection.Key, CancellationToken.None);
            await FlushAsync(session);
        }
        catch (RefreshLockUnavailableException exception)
        {
            // Better saved without the lock than not at all; but not while somebody else renews, who may be about to save.
            TokenLog.LockUnavailable(logger, session.Connection.Key, exception);
            if (!exception.IsHeldByOther || isLastTry)
            {
                await FlushAsync(session);
            }
        }
        catch (Exception exception)
        {
            // A fault of ours is no reason to lose a refresh token: it is tried again.
            TokenLog.RenewalBroke(logger, session.Connection.Key, exception);
        }
    }
}
