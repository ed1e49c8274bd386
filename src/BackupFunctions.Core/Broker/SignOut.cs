using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Signs a connection out. First it is on record, for this and for all other processes; then the session is ended at the vendor; then
/// the tokens are removed. Neither a vendor nor a lock that cannot be had stops it.
/// </summary>
internal sealed class SignOut(
    TokenRefresher refresher,
    ITokenStore store,
    IRefreshLock locks,
    ICredentialSource credentials,
    AttemptRecord record,
    SharedRejections rejections,
    ILedger ledger,
    TimeProvider time,
    ILogger<SignOut> logger
)
{
    /// <summary>Begins a sign-out, which no caller cancels.</summary>
    /// <exception cref="TokenException">It is signed out, but a vault has not let go of its tokens.</exception>
    public async Task<SignOutReport> Start(ConnectionState session)
    {
        // Not only once it is this one's turn: what is under way may take a minute, and must not end in a token for anybody.
        await record.RecordSignOutAsync(session);
        var dropped = session.Drop();
        var report = new TaskCompletionSource<SignOutReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        refresher.StartAlone(session, async () =>
        {
            try
            {
                report.SetResult(await RunAsync(session, dropped));
            }
            catch (Exception exception)
            {
                report.SetException(exception);
            }

            throw SkippedAttempts.SignedOut(session, time.GetUtcNow());
        });
        return await report.Task;
    }

    private async Task<SignOutReport> RunAsync(ConnectionState session, AccessToken? dropped)
    {
        var (lease, lockTrouble) = await AcquireAsync(session);
        await using (lease)
        {
            // An operator may have signed it in again before this one's turn came; this one came later.
            await record.RecordSignOutAsync(session);
            var newer = session.Drop();
            var unsaved = await TokenSaver.GiveUpAsync(session);
            var (accessToken, refreshToken, trouble) = await FindAsync(session, newer ?? dropped, unsaved);
            var (hasEnded, detail) = await EndAsync(session, accessToken, refreshToken, trouble, lease);
            if (hasEnded && accessToken is not null)
            {
                // A vault that does not let go of it, or whose secret is recovered later, must not bring it back.
                await rejections.AddAsync(session, accessToken.Fingerprint);
            }

            await RemoveAsync(session, detail);
            detail += lockTrouble;
            TokenLog.SignedOut(logger, session.Connection.Key, hasEnded, detail);
            return new SignOutReport(hasEnded, detail);
        }
    }

    private async Task<(IRefreshLease? Lease, string Trouble)> AcquireAsync(ConnectionState session)
    {
        try
        {
            return (await locks.AcquireAsync(session.Connection.Key, CancellationToken.None), "");
        }
        catch (RefreshLockUnavailableException exception)
        {
            TokenLog.LockUnavailable(logger, session.Connection.Key, exception);
            return (
                null,
                exception.IsHeldByOther
                    ? " Another instance was renewing it meanwhile: sign it out once more, in case that one saved a token."
                    : " The storage that tells the other instances is away: they follow as soon as it is back."
            );
        }
    }

    /// <summary>The newest tokens of both kinds, from memory and from the vaults, and what stood in the way of finding them.</summary>
    private async Task<(AccessToken? AccessToken, RefreshToken? RefreshToken, string Trouble)> FindAsync(
        ConnectionState session,
        AccessToken? dropped,
        RefreshToken? unsaved
    )
    {
        var (connection, rotates) = (session.Connection, session.Vendor.RotatesRefreshTokens);
        var (saved, trouble) = await TryReadAsync(session, async () =>
            await store.ReadAccessTokenAsync(connection, CancellationToken.None)
        );
        var newest = saved is null || dropped?.IssuedAt > saved.IssuedAt ? dropped : saved;
        if (unsaved is not null || !rotates)
        {
            return (newest, unsaved, trouble);
        }

        var (refreshToken, furtherTrouble) = await TryReadAsync(session, async () =>
            await store.ReadRefreshTokenAsync(connection, CancellationToken.None)
        );
        var entry = await ledger.ReadAsync(connection.Key, newest: false, CancellationToken.None);
        return refreshToken is not null && refreshToken.Fingerprint == entry.SpentRefreshToken
            ? (
                newest,
                null,
                " Another instance has a newer refresh token, which the vault had not taken: it throws it away, and the session that it is of may live on at the vendor until it ends by itself."
            )
            : (newest, refreshToken, trouble + furtherTrouble);
    }

    private async Task<(T? Token, string Trouble)> TryReadAsync<T>(ConnectionState session, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return (await read(), "");
        }
        catch (TokenException exception)
        {
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            return (
                null,
                $" A token of it could not be read, and so not be used to end its session: {exception.Failure.Detail}"
            );
        }
    }

    private async Task<(bool HasEnded, string Detail)> EndAsync(
        ConnectionState session,
        AccessToken? accessToken,
        RefreshToken? refreshToken,
        string trouble,
        IRefreshLease? lease
    )
    {
        var alive = accessToken?.IsUsable(time.GetUtcNow(), TimeSpan.Zero) == true ? accessToken : null;
        if (alive is null && refreshToken is null)
        {
            return (
                false,
                trouble.Length == 0
                    ? "There was no live token of it, so that there was nothing to end at the vendor."
                    : $"The session was not ended at the vendor: end it there, if it must not live on.{trouble}"
            );
        }

        var dies = alive is null
            ? ""
            : $" Its last token works there until {alive.ExpiresAt:yyyy-MM-dd HH:mm} UTC for whoever has it.";
        var signIn = new SignInContext(session.Connection, credentials, newest: false)
        {
            RefreshToken = refreshToken,
            EnsureStillMine = () => lease.EnsureHeld(session),
        };
        await session.VendorGate.WaitAsync();
        try
        {
            return await session.Vendor.EndSessionAsync(signIn, alive, CancellationToken.None)
                ? (true, $"The vendor ended the session; its tokens work no more.{trouble}")
                : (false, $"{session.Vendor.Name} has no way to end a session.{dies}{trouble}");
        }
        catch (TokenException exception)
        {
            return (
                false,
                $"The vendor did not end the session: {exception.Failure.Detail}{(exception.Failure.HttpStatus == 401 ? "" : dies)}{trouble}"
            );
        }
        catch (Exception exception)
        {
            TokenLog.EndingBroke(logger, session.Connection.Key, exception);
            return (
                false,
                $"Ending the session at the vendor broke off unexpectedly; the log has the exception.{dies}{trouble}"
            );
        }
        finally
        {
            session.VendorGate.Release();
        }
    }

    private async Task RemoveAsync(ConnectionState session, string detail)
    {
        try
        {
            await store.RemoveAsync(session.Connection, CancellationToken.None);
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            TokenLog.NotRemoved(logger, session.Connection.Key, failure.Kind, failure.Detail);
            throw new TokenException(
                failure with
                {
                    Problem =
                        $"{session.Connection.Key} is signed out, and this service hands nothing out; but its tokens are still in the vault, because it did not let go of them: {failure.Problem}",
                    Remedy = $"Ask once more when that is mended. {detail}",
                },
                exception
            );
        }
    }
}
