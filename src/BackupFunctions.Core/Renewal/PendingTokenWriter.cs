using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Writes pending tokens to the vault; what fails stays pending. Called while the pending tokens are held.
/// </summary>
internal sealed class PendingTokenWriter(ITokenStore store, ILogger logger)
{
    /// <summary>Saves what is pending, unless another process has saved a newer token meanwhile.</summary>
    public async Task SaveUnlessSupersededAsync(ConnectionState state, WritePriority priority)
    {
        var (pending, connection) = (state.Pending, state.Connection);
        if (pending.RefreshToken is { } refreshToken)
        {
            var (wasRead, savedAt) = await TryReadAsync(state, async () =>
                (await store.ReadRefreshTokenAsync(connection, CancellationToken.None))?.IssuedAt
            );
            if (!wasRead)
            {
                // The access token waits too: it is saved after the refresh token that came with it.
                return;
            }

            if (savedAt > refreshToken.IssuedAt)
            {
                RenewalLog.Superseded(logger, connection.Key, refreshToken.Fingerprint);
                pending.Clear();
                return;
            }

            await SaveRefreshTokenAsync(state);
        }

        if (pending.AccessToken is { } token)
        {
            var (wasRead, savedAt) = await TryReadAsync(state, async () =>
                (await store.ReadAccessTokenAsync(connection, CancellationToken.None))?.IssuedAt
            );
            if (savedAt > token.IssuedAt)
            {
                pending.ClearAccessToken();
            }
            else if (wasRead)
            {
                await SaveAccessTokenAsync(state, priority);
            }
        }
    }

    /// <summary>Saves the refresh token, if one is pending.</summary>
    public async Task SaveRefreshTokenAsync(ConnectionState state)
    {
        if (state.Pending.RefreshToken is { } token)
        {
            await TrySaveAsync(
                state,
                token.Fingerprint,
                () => store.SaveRefreshTokenAsync(state.Connection, token, CancellationToken.None),
                state.Pending.ClearRefreshToken
            );
        }
    }

    /// <summary>Saves the access token, if one is pending.</summary>
    public async Task SaveAccessTokenAsync(ConnectionState state, WritePriority priority)
    {
        if (state.Pending.AccessToken is { } token)
        {
            await TrySaveAsync(
                state,
                token.Fingerprint,
                () => store.SaveAccessTokenAsync(state.Connection, token, priority, CancellationToken.None),
                state.Pending.ClearAccessToken
            );
        }
    }

    /// <summary>
    /// Reads when the saved token was issued. What cannot be read is not overwritten: it may be newer.
    /// </summary>
    private async Task<(bool WasRead, DateTimeOffset? IssuedAt)> TryReadAsync(
        ConnectionState state,
        Func<Task<DateTimeOffset?>> read
    )
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

    private async Task TrySaveAsync(ConnectionState state, string fingerprint, Func<Task> save, Action saved)
    {
        try
        {
            await save();
            saved();
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
        }
    }
}
