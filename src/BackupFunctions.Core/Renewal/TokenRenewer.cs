using System.Collections.Concurrent;
using BackupFunctions.Diagnostics;
using BackupFunctions.Locking;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Obtains tokens: from the token vault first, then from the vendor, under the refresh lock and after another look into
/// the vault. One renewal runs at a time per connection; callers who come meanwhile join it.
/// </summary>
internal sealed class TokenRenewer(
    SavedTokenReader saved,
    IRefreshLock locks,
    SignInGate gate,
    VendorRenewal renewal,
    TokenSaver saver,
    TimeProvider time,
    ILogger<TokenRenewer> logger
)
{
    /// <summary>How long renewals are suppressed after the lock could not be acquired.</summary>
    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Task, byte> _underWay = new();

    /// <summary>Starts to obtain a token, or joins the renewal under way. No caller cancels it.</summary>
    public SharedRenewal JoinOrStart(ConnectionState state, TokenRequirement requirement, out bool started)
    {
        var key = state.Connection.Key;
        var shared = state.Renewals.JoinOrStart(
            requirement.ByOperator,
            () => OperationTimer.RenewalSpanAsync(key, () => ObtainAsync(state, requirement)),
            out started,
            mayJoin: requirement.OneTimeCode is null
        );
        if (started)
        {
            Track(state, shared.Result);
        }

        return shared;
    }

    /// <summary>Waits for what a renewal brings, however long it takes.</summary>
    /// <exception cref="TokenException">It failed, or the connection was signed out instead.</exception>
    public async Task<AccessToken> TokenOfAsync(ConnectionState state, SharedRenewal shared) =>
        await shared.Result
        ?? throw SkippedAttempts.SignedOut(state.Connection, state.Record.SignedOutAt ?? time.GetUtcNow());

    /// <summary>
    /// Tells the other processes, without waiting for it, of a rejected token that one of them may have in memory.
    /// </summary>
    public void ReportRejected(ConnectionState state, string fingerprint) =>
        Track(state, saved.ReportRejectedAsync(state, fingerprint).AsTask());

    /// <summary>
    /// Runs a sign-out after the renewal under way and before any other. Anyone who asks for a token meanwhile learns
    /// that the connection is signed out.
    /// </summary>
    public Task<T> StartSignOut<T>(ConnectionState state, Func<Task<T>> signOut)
    {
        var task = state.Renewals.StartSignOut(signOut);
        Track(state, task);
        return task;
    }

    /// <summary>
    /// Waits for the renewals under way, so that a shutdown does not interrupt them, and saves what they obtained.
    /// </summary>
    /// <param name="granted">How long what the vault does not accept is tried again.</param>
    /// <param name="cancellationToken">Ends the wait, not the renewals.</param>
    public async Task DrainAsync(TimeSpan granted, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        const ConfigureAwaitOptions Quietly =
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
        await Task.WhenAll(_underWay.Keys).WaitAsync(cancellationToken).ConfigureAwait(Quietly);
        await saver
            .DrainAsync(granted - time.GetElapsedTime(since))
            .WaitAsync(cancellationToken)
            .ConfigureAwait(Quietly);
    }

    private void Track(ConnectionState state, Task task)
    {
        _underWay.TryAdd(task, 0);
        _ = task.ContinueWith(
            ended =>
            {
                // Observed here: a failure that no caller waits for any more is not an unobserved exception.
                if (ended.Exception?.InnerException is { } exception and not TokenException)
                {
                    RenewalLog.RenewalFailedUnexpectedly(logger, state.Connection.Key, exception);
                }

                _underWay.TryRemove(ended, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task<AccessToken?> ObtainAsync(ConnectionState state, TokenRequirement requirement)
    {
        await saved.ReportPendingRejectionAsync(state);
        if (
            state.MayLoadToken(time.GetUtcNow())
            && await saved.LoadAsync(state) is { } loaded
            && IsMet(state, requirement, loaded)
        )
        {
            return loaded;
        }

        var before = state.Current?.Fingerprint;
        var allowedBy = await gate.EnsureAllowedAsync(state, requirement.ByOperator);
        await using var lease = await AcquireAsync(state);
        if (!state.Pending.IsEmpty)
        {
            await saver.FlushAsync(state, lease);
        }

        // The process that held the lock before may have renewed, or failed: both count for this one too.
        if (await saved.LoadAsync(state) is { } current && IsMetByNews(state, requirement, current, before))
        {
            return current;
        }

        await gate.EnsureAllowedAsync(state, requirement.ByOperator, allowedBy);
        return await renewal.RenewAsync(state, lease, requirement);
    }

    private bool IsMet(ConnectionState state, TokenRequirement requirement, AccessToken token) =>
        requirement.IsMetBy(token, time.GetUtcNow(), state.Connection.RefreshBefore);

    private bool IsMetByNews(
        ConnectionState state,
        TokenRequirement requirement,
        AccessToken token,
        string? fingerprintBefore
    ) =>
        IsMet(state, requirement, token)
        || (
            token.Fingerprint != fingerprintBefore
            && requirement.IsMetByNews(token, time.GetUtcNow(), state.Connection.RefreshBefore)
        );

    private async Task<IRefreshLease?> AcquireAsync(ConnectionState state)
    {
        var connection = state.Connection;
        try
        {
            return await OperationTimer.LockWaitAsync(
                connection.Key,
                time,
                () => locks.AcquireAsync(connection.Key, CancellationToken.None),
                RefreshLockUnavailableException.OutcomeOf
            );
        }
        catch (RefreshLockUnavailableException exception)
            when (!exception.IsHeldByOther && !connection.Vendor.RotatesRefreshTokens)
        {
            // Two client credential sign-ins at once are only one too many; no token at all would be worse.
            RenewalLog.LockUnavailable(logger, connection.Key, exception);
            return null;
        }
        catch (RefreshLockUnavailableException exception)
        {
            RenewalLog.LockUnavailable(logger, connection.Key, exception);
            var pause = gate.Pause(state, LockPause, exception.Message);

            // Another process at work is not a failure; unavailable storage is.
            throw exception.IsHeldByOther
                ? pause
                : new TokenException(pause.Failure with { WasNotTried = false }, exception);
        }
    }
}
