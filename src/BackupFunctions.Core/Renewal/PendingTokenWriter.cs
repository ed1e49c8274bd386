using BackupFunctions.Locking;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Writes pending tokens to the vault, each request only while the refresh lock is held; what fails stays pending.
/// Called while the pending tokens are held.
/// </summary>
internal sealed class PendingTokenWriter(ITokenStore store, ILogger logger)
{
    /// <summary>Saves what is pending, unless another process has saved a newer token meanwhile.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="lease">The refresh lock; null to save without it.</param>
    /// <param name="priority">Whether a caller waits for it.</param>
    /// <returns>False if the vault has a newer refresh token.</returns>
    public async Task<bool> SaveUnlessSupersededAsync(
        ConnectionState state,
        IRefreshLease? lease,
        WritePriority priority
    )
    {
        var (pending, connection) = (state.Pending, state.Connection);
        if (pending.RefreshToken is not null)
        {
            var (wasRead, saved) = await TryReadAsync(state, () => ReadRefreshTokenAsync(state));

            // Only now: what the vault replied may have put our clock right, and with it this token's instants.
            var refreshToken = pending.RefreshToken;
            var isSuperseded = saved?.IssuedAt > refreshToken.IssuedAt;
            if (wasRead && !isSuperseded)
            {
                (wasRead, isSuperseded) = await WasReplacedAsync(state, refreshToken, saved);
            }

            if (!wasRead)
            {
                // The access token waits too: it is saved after the refresh token that came with it.
                return true;
            }

            if (isSuperseded)
            {
                RenewalLog.Superseded(logger, connection.Key, refreshToken.Fingerprint);
                await RestoreAsync(state, lease, saved!);
                return false;
            }

            await SaveRefreshTokenAsync(state, lease);
        }

        if (pending.AccessToken is { } token)
        {
            var (wasRead, saved) = await TryReadAsync(state, () =>
                store.ReadAccessTokenAsync(connection, CancellationToken.None)
            );
            if (saved?.IssuedAt > token.IssuedAt)
            {
                pending.ClearAccessToken();
            }
            else if (wasRead)
            {
                await SaveAccessTokenAsync(state, lease, priority);
            }
        }

        return true;
    }

    /// <summary>Saves the refresh token, if one is pending.</summary>
    public async Task<SaveResult> SaveRefreshTokenAsync(ConnectionState state, IRefreshLease? lease) =>
        state.Pending.RefreshToken is { } token
            ? await TrySaveAsync(
                state,
                lease,
                token.Fingerprint,
                () =>
                    store.SaveRefreshTokenAsync(
                        state.Connection,
                        token,
                        () => lease.EnsureHeld(state.Connection),
                        CancellationToken.None
                    ),
                state.Pending.ClearRefreshToken
            )
            : SaveResult.Saved;

    /// <summary>Saves the access token, if one is pending.</summary>
    public async Task<SaveResult> SaveAccessTokenAsync(
        ConnectionState state,
        IRefreshLease? lease,
        WritePriority priority
    ) =>
        state.Pending.AccessToken is { } token
            ? await TrySaveAsync(
                state,
                lease,
                token.Fingerprint,
                () =>
                    store.SaveAccessTokenAsync(
                        state.Connection,
                        token,
                        priority,
                        () => lease.EnsureHeld(state.Connection),
                        CancellationToken.None
                    ),
                state.Pending.ClearAccessToken
            )
            : SaveResult.Saved;

    /// <summary>
    /// Whether the pending token was saved, though the answer was lost, and another process replaced it: its own has
    /// come from the pending one, whatever their instants say, which are whole seconds of two hosts' clocks.
    /// </summary>
    private async Task<(bool WasRead, bool WasReplaced)> WasReplacedAsync(
        ConnectionState state,
        RefreshToken pending,
        RefreshToken? saved
    )
    {
        if (saved is null || saved.Fingerprint == pending.Fingerprint || state.Pending.MayHaveOverwritten)
        {
            return (true, false);
        }

        var (wasRead, known) = await TryReadAsync(state, async () =>
            await store.WasSavedAsync(state.Connection, pending, CancellationToken.None) ? pending : null
        );
        return (wasRead, known is not null);
    }

    private ValueTask<RefreshToken?> ReadRefreshTokenAsync(ConnectionState state) =>
        state.Pending.MayHaveOverwritten
            ? store.ReadNewestRefreshTokenAsync(state.Connection, CancellationToken.None)
            : store.ReadRefreshTokenAsync(state.Connection, CancellationToken.None);

    /// <summary>Leaves the vault with the newer token; one that was overwritten is saved again.</summary>
    private async Task RestoreAsync(ConnectionState state, IRefreshLease? lease, RefreshToken newer)
    {
        if (state.Pending.MayHaveOverwritten)
        {
            state.Pending.Doubt(newer, wasSent: true);
            await SaveRefreshTokenAsync(state, lease);
        }
        else
        {
            state.Pending.Clear();
        }
    }

    /// <summary>
    /// Reads what is saved. What cannot be read is not overwritten: it may be newer.
    /// </summary>
    private async Task<(bool WasRead, T? Token)> TryReadAsync<T>(ConnectionState state, Func<ValueTask<T?>> read)
        where T : class
    {
        try
        {
            return (true, await read());
        }
        catch (TokenException exception)
        {
            RenewalLog.VaultReadFailed(logger, state.Connection.Key, exception.Failure);
            return (false, null);
        }
    }

    private async Task<SaveResult> TrySaveAsync(
        ConnectionState state,
        IRefreshLease? lease,
        string fingerprint,
        Func<Task> save,
        Action saved
    )
    {
        try
        {
            await save();
            saved();
            return SaveResult.Saved;
        }
        catch (TokenException exception)
        {
            RenewalLog.SaveFailed(
                logger,
                state.Connection.Key,
                fingerprint,
                exception.Failure.Kind,
                exception.Failure.Detail
            );
            var wasPrevented = exception.Failure.WasNotTried && lease is { IsHeld: false };
            return wasPrevented ? SaveResult.Prevented : SaveResult.Failed;
        }
    }
}
