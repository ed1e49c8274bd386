using BackupFunctions.Connections;
using BackupFunctions.Locking;
using BackupFunctions.Renewal;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Broker;

/// <summary>
/// Signs a connection out: first on record, for this and all other processes; then at the vendor; then the tokens are
/// removed. Neither a vendor nor a lock that is unavailable stops it; but what the others would not learn, and a
/// restart would forget, is no sign-out, and is not begun.
/// </summary>
internal sealed class SignOut(
    TokenRenewer renewer,
    AttemptRecorder recorder,
    SavedTokenReader saved,
    SessionEnder sessions,
    ITokenStore store,
    IRefreshLock locks,
    ILogger<SignOut> logger
)
{
    /// <summary>When to repeat a sign-out that storage did not record: it is not asked again before.</summary>
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(10);

    /// <summary>Signs out. No caller cancels it.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="askedBy">The operator's name; null if it is not known.</param>
    /// <exception cref="TokenException">
    /// The sign-out could not be recorded, so nothing was done; or the connection is signed out, but a vault did not
    /// remove its tokens.
    /// </exception>
    public async Task<SignOutReport> RunAsync(ConnectionState state, string? askedBy)
    {
        // Now, not only in its turn: the renewal under way may take a minute, and must not end in a token for anyone.
        await RecordAsync(state, askedBy);
        var dropped = state.Drop();
        return await renewer.StartSignOut(state, () => RunInTurnAsync(state, dropped, askedBy));
    }

    private async Task<SignOutReport> RunInTurnAsync(ConnectionState state, AccessToken? dropped, string? askedBy)
    {
        var (lease, lockProblem) = await AcquireAsync(state.Connection);
        await using (lease)
        {
            // An operator may have signed it in again meanwhile; this sign-out came later.
            await RecordAsync(state, askedBy);
            var newer = state.Drop();
            var pending = await TokenSaver.GiveUpAsync(state);
            var (hasEnded, ended, detail) = await sessions.EndAsync(state, newer ?? dropped, pending, lease);
            if (hasEnded && ended is not null)
            {
                // A vault that does not remove it, or whose secret is recovered later, must not bring it back.
                await saved.ReportRejectedAsync(state, ended.Fingerprint);
            }

            await RemoveAsync(state.Connection, detail);
            detail += lockProblem;
            BrokerLog.SignedOut(logger, state.Connection.Key, hasEnded, detail);
            return new SignOutReport(hasEnded, detail);
        }
    }

    private async Task RecordAsync(ConnectionState state, string? askedBy)
    {
        if (await recorder.TryRecordSignOutAsync(state, askedBy))
        {
            return;
        }

        var key = state.Connection.Key;
        var problem =
            $"{key} was not signed out: the storage that all instances share has not confirmed it. Without it, other "
            + "instances would go on serving its tokens, and a restart would forget the sign-out.";
        const string Remedy =
            "Sign it out again when storage is back. If it cannot wait, disable its credential in the vault and end "
            + "its session at the vendor.";
        throw new TokenException(
            new TokenFailure(FailureKind.BackingOff, problem) { Remedy = Remedy, RetryAfter = RepeatAfter }
        );
    }

    private async Task<(IRefreshLease? Lease, string Problem)> AcquireAsync(Connection connection)
    {
        try
        {
            return (await locks.AcquireAsync(connection.Key, CancellationToken.None), "");
        }
        catch (RefreshLockUnavailableException exception)
        {
            RenewalLog.LockUnavailable(logger, connection.Key, exception);
            var problem = exception.IsHeldByOther
                ? " Another instance was renewing it meanwhile: sign it out again, in case that one saved a token."
                : " The refresh lock was unavailable: sign it out again when its storage is back, in case another "
                    + "instance was renewing it and saved a token.";
            return (null, problem);
        }
    }

    private async Task RemoveAsync(Connection connection, string detail)
    {
        try
        {
            await store.RemoveAsync(connection, CancellationToken.None);
        }
        catch (TokenException exception)
        {
            var failure = exception.Failure;
            BrokerLog.NotRemoved(logger, connection.Key, failure.Kind, failure.Detail);
            var problem =
                $"{connection.Key} is signed out and no token of it is served, "
                + $"but the vault still holds its tokens: {failure.Problem}";
            var remedy = $"{failure.Remedy} Sign it out again when this is fixed. {detail}".TrimStart();
            throw new TokenException(failure with { Problem = problem, Remedy = remedy }, exception);
        }
    }
}
