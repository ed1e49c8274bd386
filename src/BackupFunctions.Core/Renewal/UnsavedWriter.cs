using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>Writes to the vault what it has not taken yet. What fails stays unsaved, and is in the log. Called while that is held.</summary>
internal sealed class UnsavedWriter(ITokenStore store, ILogger logger)
{
    /// <summary>Saves what is left, unless somebody else has saved a newer token meanwhile.</summary>
    public async Task SaveUnlessSupersededAsync(ConnectionState session)
    {
        var (unsaved, connection) = (session.Unsaved, session.Connection);
        if (unsaved.RefreshToken is { } refreshToken)
        {
            var saved = await TryReadAsync(session, async () =>
                (await store.ReadRefreshTokenAsync(connection, CancellationToken.None))?.IssuedAt
            );
            if (saved.IssuedAt > refreshToken.IssuedAt)
            {
                TokenLog.Superseded(logger, connection.Key, refreshToken.Fingerprint);
                (unsaved.RefreshToken, unsaved.AccessToken) = (null, null);
            }
            else if (saved.WasRead)
            {
                await SaveRefreshTokenAsync(session);
            }
            else
            {
                // Not even tried: the access token waits, as it is saved after the refresh token that came with it.
                return;
            }
        }

        if (unsaved.AccessToken is { } token)
        {
            var saved = await TryReadAsync(session, async () =>
                (await store.ReadAccessTokenAsync(connection, CancellationToken.None))?.IssuedAt
            );
            if (saved.IssuedAt > token.IssuedAt)
            {
                unsaved.AccessToken = null;
            }
            else if (saved.WasRead)
            {
                await SaveAccessTokenAsync(session);
            }
        }
    }

    /// <summary>What cannot be read is not saved over: it may be newer.</summary>
    private async Task<(bool WasRead, DateTimeOffset? IssuedAt)> TryReadAsync(
        ConnectionState session,
        Func<Task<DateTimeOffset?>> read
    )
    {
        try
        {
            return (true, await read());
        }
        catch (TokenException exception)
        {
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            return (false, null);
        }
    }

    /// <summary>Saves the refresh token, if it is not saved yet.</summary>
    public async Task SaveRefreshTokenAsync(ConnectionState session)
    {
        if (session.Unsaved.RefreshToken is { } token)
        {
            await TryAsync(
                session,
                token.Fingerprint,
                () => store.SaveRefreshTokenAsync(session.Connection, token, CancellationToken.None),
                () => session.Unsaved.RefreshToken = null
            );
        }
    }

    /// <summary>Saves the access token, if it is not saved yet.</summary>
    public async Task SaveAccessTokenAsync(ConnectionState session)
    {
        if (session.Unsaved.AccessToken is { } token)
        {
            await TryAsync(
                session,
                token.Fingerprint,
                () => store.SaveAccessTokenAsync(session.Connection, token, CancellationToken.None),
                () => session.Unsaved.AccessToken = null
            );
        }
    }

    private async Task TryAsync(ConnectionState session, string fingerprint, Func<Task> save, Action done)
    {
        try
        {
            await save();
            done();
        }
        catch (TokenException exception)
        {
            TokenLog.SaveFailed(
                logger,
                session.Connection.Key,
                fingerprint,
                exception.Failure.Kind,
                exception.Failure.Detail
            );
        }
    }
}
