using BackupFunctions.Clocks;
using BackupFunctions.Diagnostics;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Rotation;
using BackupFunctions.State;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>Asks the vendor for a token and keeps what it grants. Called under the refresh lock.</summary>
internal sealed class VendorRenewal(
    AttemptRecorder recorder,
    TokenSaver saver,
    RefreshTokens refreshTokens,
    RenewalOptions options,
    AttemptTools tools
)
{
    /// <summary>Renews.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="lease">The refresh lock; null if its storage is unavailable and signing in spends nothing.</param>
    /// <param name="requirement">What for: an operator ends a sign-out, and a person's one-time code is used.</param>
    /// <returns>The new token; null if an operator signed the connection out meanwhile.</returns>
    /// <exception cref="TokenException">There is no new token; the failure is on record.</exception>
    public Task<AccessToken?> RenewAsync(ConnectionState state, IRefreshLease? lease, TokenRequirement requirement)
    {
        if (state.Connection.Vendor.RotatesRefreshTokens)
        {
            EnsureMaySpend(state);
        }

        return OperationTimer.RenewalAsync(state.Connection.Key, tools.Time, () =>
            AttemptAsync(state, lease, requirement)
        );
    }

    private async Task<AccessToken?> AttemptAsync(
        ConnectionState state,
        IRefreshLease? lease,
        TokenRequirement requirement
    )
    {
        var start = await recorder.BeginAsync(state, requirement.ByOperator, requirement.Cause);
        var (rotation, unavailable) = state.Connection.Vendor.RotatesRefreshTokens
            ? await BeginRotationAsync(state, start, lease, requirement)
            : default;
        var attempt = new SignInAttempt(state, start, lease, rotation, tools);
        using var turn = await state.VendorGate.EnterToRenewAsync();
        using var doubt = rotation is null ? null : state.DoubtWhen(() => lease is { IsHeld: false });
        try
        {
            var grant = await SignInAsync(state, attempt, lease);
            return await KeepAsync(state, attempt, grant, lease, requirement);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind == FailureKind.EnrolmentNeeded && unavailable is not null)
        {
            // Nobody has to enrol again only because the vault that holds the refresh token is unavailable. But the
            // vendor was asked: without a wait the password would be sent at every call.
            var failure = unavailable.Failure with { MayHaveReachedVendor = true };
            throw await recorder.RecordFailureAsync(state, attempt, new TokenException(failure, unavailable));
        }
        catch (TokenException exception)
        {
            if (rotation is not null && lease is not null && await lease.ConfirmAsync() == LeaseStanding.Taken)
            {
                state.DistrustCurrent();
                if (rotation is { ReplacedRefreshToken: not null, RefreshToken: null })
                {
                    // Refused: if it was sent after the other process had spent it, that one's session has ended too.
                    await tools.Saved.DistrustSavedAsync(state);
                }
            }

            throw await recorder.RecordFailureAsync(state, attempt, exception);
        }
    }

    private void EnsureMaySpend(ConnectionState state)
    {
        var why = options.MaySpendRefreshTokens
            ? refreshTokens.WhyNotNow(state)
            : "Its refresh tokens work once and a deployed app may own them, so this host only reads the vault "
                + "(--own-the-vault lets it renew).";
        if (why is not null)
        {
            throw tools.Gate.Pause(state, BackOff.Shortest, why);
        }
    }

    private async Task<(RotationContext Context, TokenException? Unavailable)> BeginRotationAsync(
        ConnectionState state,
        AttemptStart start,
        IRefreshLease? lease,
        TokenRequirement requirement
    )
    {
        var (saved, unavailable) = requirement.OneTimeCode is null
            ? await refreshTokens.ReadAsync(state, start.Record)
            : default;
        if (unavailable is not null)
        {
            RenewalLog.VaultReadFailed(tools.Logger, state.Connection.Key, unavailable.Failure);
        }

        var context = new RotationContext(saved, start.Record.DoubtfulRefreshToken)
        {
            OneTimeCode = requirement.OneTimeCode,
            OneTimeCodeStep = start.Record.OneTimeCodeStep,
            UseOneTimeCodeStepAsync = step => recorder.RecordOneTimeCodeStepAsync(state, step),
            RecordDeadAsync = fingerprint => recorder.RecordDeadRefreshTokenAsync(state, fingerprint),
            EnsureLockHeld = () => lease.EnsureHeld(state.Connection),
            EnsurePasswordAllowed = () => EnsurePasswordAllowed(state, start),
        };
        return (context, unavailable);
    }

    private void EnsurePasswordAllowed(ConnectionState state, AttemptStart start)
    {
        var now = tools.Time.GetUtcNow();
        if (start.Budget.Left <= 0 && SignInPolicy.LeftAloneUntil(start.Record, now) is { } until)
        {
            // On record like a vendor's failure, so that a dead refresh token is not sent again and again meanwhile.
            var failure = SkippedAttempts.TooManyRefusals(state.Connection, start.Record, until - now).Failure;
            throw new TokenException(failure with { WasNotTried = false });
        }
    }

    private async Task<TokenGrant> SignInAsync(ConnectionState state, SignInAttempt attempt, IRefreshLease? lease)
    {
        try
        {
            return await attempt.RunAsync();
        }
        catch (TokenException) when (attempt.Rotation?.UnpairedRefreshToken is not null)
        {
            await saver.SaveUnpairedAsync(state, attempt.Rotation.UnpairedRefreshToken, lease);
            throw;
        }
    }

    private async Task<AccessToken?> KeepAsync(
        ConnectionState state,
        SignInAttempt attempt,
        TokenGrant grant,
        IRefreshLease? lease,
        TokenRequirement requirement
    )
    {
        var key = state.Connection.Key;
        var clock = new ClockWatch(tools.Time);
        if (!await saver.SaveRefreshTokenAsync(state, grant, lease))
        {
            throw RefreshLeases.Lost(state.Connection);
        }

        // What the vault replied to the save may have put our clock right, by which the token's instants were read.
        var token = grant.AccessToken.Earlier(clock.SetBackBy);
        var isNew = state.Adopt(token);
        await saver.SaveAccessTokenAsync(state, isNew, requirement.Priority, lease);
        if (!isNew)
        {
            throw new TokenException(
                FailureKind.VendorReplyUnusable,
                $"The vendor granted {key} the token {token.Fingerprint} again, which it had not accepted."
            );
        }

        var granted = new GrantedToken(token.Metadata, requirement.ByOperator)
        {
            CredentialVersion = attempt.Context.CredentialVersion,
            CredentialExpiresAt = attempt.Context.CredentialExpiresAt,
            UnregisteredCertificate = attempt.Context.OlderCertificate is null ? null : attempt.RefusedVersion,
            RefreshToken = grant.RefreshToken?.Fingerprint,
            ReplacedRefreshToken = attempt.Rotation?.ReplacedRefreshToken,
            IsRefreshTokenPending = state.Pending.RefreshToken is not null,
            Cause = requirement.Cause,
        };
        if (!await recorder.RecordSuccessAsync(state, granted, attempt.Refusals))
        {
            // The sign-out removes what is in the vault; what the vault has not accepted must not get there afterwards.
            await TokenSaver.GiveUpAsync(state);
            return null;
        }

        RenewalLog.Renewed(tools.Logger, key, token.Fingerprint, token.ExpiresAt);
        return token;
    }
}
