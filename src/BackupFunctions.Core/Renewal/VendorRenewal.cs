using BackupFunctions.Credentials;
using BackupFunctions.Diagnostics;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>Asks the vendor for a token and keeps what it grants. Called under the refresh lock.</summary>
internal sealed class VendorRenewal(
    ITokenStore store,
    ICredentialSource credentials,
    SignInGate gate,
    AttemptRecord record,
    TokenSaver saver,
    RenewalOptions options,
    TimeProvider time,
    ILogger<VendorRenewal> logger
)
{
    private readonly OlderCertificates _older = new(credentials, logger);

    /// <summary>Renews.</summary>
    /// <param name="session">Whose token.</param>
    /// <param name="lease">The refresh lock; null where its storage is away and the vendor's sign-in spends nothing.</param>
    /// <param name="goal">What for: an operator may end a sign-out, and a person's one-time code is used.</param>
    /// <exception cref="TokenException">There is no new token; the failure is on record.</exception>
    public async Task<AccessToken> RenewAsync(ConnectionState session, IRefreshLease? lease, TokenRequirement goal)
    {
        EnsureMaySpend(session);
        return await OperationTimer.RenewalAsync(session.Connection.Key, time, () => TryAsync(session, lease, goal));
    }

    private async Task<AccessToken> TryAsync(ConnectionState session, IRefreshLease? lease, TokenRequirement goal)
    {
        var allowance = await record.BeginAsync(session, goal.OverridesBackOff);
        var (saved, unread) = goal.OneTimeCode is null
            ? await ReadRefreshTokenAsync(session, allowance.Entry)
            : default;
        var round = new SignInAttempt(
            session,
            saved,
            goal,
            allowance,
            lease,
            credentials,
            _older,
            gate,
            record,
            time,
            logger
        );
        await session.VendorGate.WaitAsync();
        try
        {
            var grant = await SignInAsync(session, round, lease);
            return await KeepAsync(session, round, grant, lease);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind == FailureKind.EnrolmentNeeded && unread is not null)
        {
            // Nobody has to enrol again only because the vault that holds the refresh token is down.
            // The vendor was asked: without a wait the password would go out at every call.
            throw await record.RecordFailureAsync(
                session,
                round,
                new TokenException(unread.Failure with { MayHaveReachedVendor = true }, unread)
            );
        }
        catch (TokenException exception)
        {
            throw await record.RecordFailureAsync(session, round, exception);
        }
        finally
        {
            session.VendorGate.Release();
        }
    }

    private async Task<TokenGrant> SignInAsync(ConnectionState session, SignInAttempt round, IRefreshLease? lease)
    {
        try
        {
            return await round.RunAsync();
        }
        catch (TokenException) when (round.Last.UnpairedRefreshToken is not null)
        {
            await saver.SaveUnpairedAsync(session, round.Last.UnpairedRefreshToken, lease.WasLost());
            throw;
        }
    }

    private static TokenException HeldByOther =>
        new(
            FailureKind.VaultUnavailable,
            "The vault has not taken yet the refresh token that another process of this service obtained."
        );

    private void EnsureMaySpend(ConnectionState session)
    {
        if (!session.Vendor.RotatesRefreshTokens)
        {
            return;
        }

        if (!options.MaySpendRefreshTokens)
        {
            throw gate.Pause(
                session,
                RenewalRules.ShortestBackOff,
                "its refresh tokens work once and a deployed app may own them, so this host only reads the vault (--own-the-vault lets it renew)"
            );
        }

        if (
            session.Unsaved.RefreshToken is not null
            && session.Current?.IsUsable(time.GetUtcNow(), TimeSpan.Zero) == true
        )
        {
            throw gate.Pause(
                session,
                RenewalRules.ShortestBackOff,
                "the vault has not taken the last refresh token yet, and until it has, none is rotated"
            );
        }
    }

    private async Task<(RefreshToken? Saved, TokenException? Unread)> ReadRefreshTokenAsync(
        ConnectionState session,
        LedgerEntry entry
    )
    {
        if (!session.Vendor.RotatesRefreshTokens)
        {
            return (null, null);
        }

        if (session.Unsaved.RefreshToken is not null)
        {
            // A refresh token that is not saved yet is not spent; signing in afresh leaves it be.
            return (
                null,
                new TokenException(FailureKind.VaultUnavailable, "The vault has not taken the last refresh token yet.")
            );
        }

        try
        {
            var saved = await store.ReadRefreshTokenAsync(session.Connection, CancellationToken.None);
            return saved?.ExpiresAt <= time.GetUtcNow() ? (null, null)
                : saved is null || saved.Fingerprint != entry.SpentRefreshToken ? (saved, null)
                : (
                    null,
                    time.GetUtcNow() - (entry.UnsavedSeenAt ?? entry.LastSuccess) > RenewalRules.LongestUnsaved
                        ? null
                        : HeldByOther
                );
        }
        catch (TokenException exception)
        {
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            return (null, exception);
        }
    }

    private async Task<AccessToken> KeepAsync(
        ConnectionState session,
        SignInAttempt round,
        TokenGrant grant,
        IRefreshLease? lease
    )
    {
        var wasLockLost = lease.WasLost();
        await saver.SaveRefreshTokenAsync(session, grant, wasLockLost);
        var isNew = session.Adopt(grant.AccessToken);
        await saver.SaveRestAsync(session, withAccessToken: isNew, wasLockLost);
        if (!isNew)
        {
            throw new TokenException(
                FailureKind.VendorReplyUnusable,
                $"The vendor granted {session.Connection.Key} once more the token {grant.AccessToken.Fingerprint}, which it had answered with 401."
            );
        }

        try
        {
            await record.RecordSuccessAsync(session, round, grant.AccessToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.SignedOut)
        {
            // Whoever signs it out removes what is in the vault; what it has not taken yet must not get there afterwards.
            await TokenSaver.GiveUpAsync(session);
            throw;
        }

        TokenLog.Renewed(logger, session.Connection.Key, grant.AccessToken.Fingerprint, grant.AccessToken.ExpiresAt);
        return grant.AccessToken;
    }
}
