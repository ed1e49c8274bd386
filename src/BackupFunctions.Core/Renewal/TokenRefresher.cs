using System.Collections.Concurrent;
using BackupFunctions.Diagnostics;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Obtains and saves: the token vault first, then the vendor, under the refresh lock and after a re-read of the vault.
/// One renewal at a time per connection; whoever comes meanwhile joins it.
/// </summary>
internal sealed class TokenRefresher(
    ITokenStore store,
    IRefreshLock locks,
    SignInGate gate,
    SharedRejections rejections,
    VendorRenewal renewal,
    TokenSaver saver,
    TimeProvider time,
    ILogger<TokenRefresher> logger
)
{
    /// <summary>How long callers with a usable token are left in peace after the lock could not be had.</summary>
    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Task, byte> _underWay = new();

    /// <summary>Begins to obtain a token, or joins the renewal that is under way. No caller cancels it.</summary>
    public Task<AccessToken> JoinOrStart(ConnectionState session, TokenRequirement goal, out bool started)
    {
        var task = session.JoinOrStart(
            goal.OverridesBackOff,
            () => OperationTimer.RenewalSpanAsync(session.Connection.Key, () => ObtainAsync(session, goal)),
            out started,
            mayJoin: goal.OneTimeCode is null
        );
        if (started)
        {
            Track(session, task);
        }

        return task;
    }

    /// <summary>Tells the other processes, without waiting for it, of a rejected token that one of them may have in memory.</summary>
    public void ReportRejected(ConnectionState session, string fingerprint) =>
        Track(session, rejections.AddAsync(session, fingerprint).AsTask());

    /// <summary>
    /// Begins something that takes a connection's tokens away: after the renewal that is under way in this process, and before any other.
    /// Who asks for a token meanwhile gets what it throws.
    /// </summary>
    public void StartAlone(ConnectionState session, Func<Task<AccessToken>> take) =>
        Track(session, session.JoinOrStart(byOperator: false, take, out _, mayJoin: false));

    private void Track(ConnectionState session, Task task)
    {
        _underWay.TryAdd(task, 0);
        _ = task.ContinueWith(
            ended =>
            {
                // Observed here: a failure that no caller waits for any more is no unobserved exception.
                if (ended.Exception?.InnerException is { } exception and not TokenException)
                {
                    TokenLog.RenewalBroke(logger, session.Connection.Key, exception);
                }

                _underWay.TryRemove(ended, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    /// <summary>Waits for the renewals and saves that are under way, so that a shutdown does not tear them.</summary>
    /// <param name="cancellationToken">Ends the wait, not the renewals.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        const ConfigureAwaitOptions Quietly =
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
        await Task.WhenAll(_underWay.Keys).WaitAsync(cancellationToken).ConfigureAwait(Quietly);
        await saver.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(Quietly);
    }

    private async Task<AccessToken> ObtainAsync(ConnectionState session, TokenRequirement goal)
    {
        if (session.TakeUntoldRejection() is { } rejected)
        {
            await rejections.AddAsync(session, rejected);
        }

        if (MayAskVault(session) && await LoadAsync(session) is { } loaded && IsMet(session, goal, loaded))
        {
            return loaded;
        }

        var before = session.Current?.Fingerprint;
        var judged = await gate.EnsureDueAsync(session, goal);
        await using var lease = await AcquireAsync(session);
        if (!session.Unsaved.IsEmpty)
        {
            await saver.FlushAsync(session);
        }

        // Whoever held the lock before may have renewed, or failed: both count for this one too.
        if (
            await LoadAsync(session) is { } current
            && (IsMet(session, goal, current) || (current.Fingerprint != before && IsMetByNews(session, goal, current)))
        )
        {
            return current;
        }

        await gate.EnsureDueAsync(session, goal, judged);
        return await renewal.RenewAsync(session, lease, goal);
    }

    /// <summary>Another process may have saved a token; but while nothing may be tried, the vault is not read at every call.</summary>
    private bool MayAskVault(ConnectionState session)
    {
        var now = time.GetUtcNow();
        var mayTry = session.NextAttempt <= now && session.RejectionHoldUntil <= now;
        if (!mayTry && now - session.TokenNewsAskedAt < RenewalRules.NewsInterval)
        {
            return false;
        }

        session.TokenNewsAskedAt = now;
        return true;
    }

    private bool IsMet(ConnectionState session, TokenRequirement goal, AccessToken token) =>
        goal.IsMetBy(token, time.GetUtcNow(), session.Connection.RefreshBefore);

    private bool IsMetByNews(ConnectionState session, TokenRequirement goal, AccessToken token) =>
        goal.IsMetByNews(token, time.GetUtcNow(), session.Connection.RefreshBefore);

    private async Task<AccessToken?> LoadAsync(ConnectionState session)
    {
        try
        {
            var before = session.Current?.Fingerprint;
            if (
                await store.ReadAccessTokenAsync(session.Connection, CancellationToken.None) is { } stored
                && !await rejections.IsRejectedAnywhereAsync(session, stored.Fingerprint)
                && session.Adopt(stored)
                && stored.Fingerprint != before
            )
            {
                TokenLog.Loaded(logger, session.Connection.Key, stored.Fingerprint, stored.ExpiresAt);
            }
        }
        catch (TokenException exception)
        {
            // A token vault that is down, or denied, does not keep a vendor from granting a token.
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
        }

        return session.Current;
    }

    private async Task<IRefreshLease?> AcquireAsync(ConnectionState session)
    {
        try
        {
            return await OperationTimer.LockWaitAsync(session.Connection.Key, time, () =>
                locks.AcquireAsync(session.Connection.Key, CancellationToken.None)
            );
        }
        catch (RefreshLockUnavailableException exception)
            when (!exception.IsHeldByOther && !session.Vendor.RotatesRefreshTokens)
        {
            // Two client credential sign-ins at once are only one too many; no token at all would be worse.
            TokenLog.LockUnavailable(logger, session.Connection.Key, exception);
            return null;
        }
        catch (RefreshLockUnavailableException exception)
        {
            TokenLog.LockUnavailable(logger, session.Connection.Key, exception);
            var pause = gate.Pause(session, LockPause, exception.Message.TrimEnd('.'));

            // Another process at work is nothing to report; a storage that is away is a renewal that failed.
            throw exception.IsHeldByOther
                ? pause
                : new TokenException(pause.Failure with { WasNotTried = false }, exception);
        }
    }
}
