using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tokens;

/// <summary>
/// Says whether the vendor may be asked now, and keeps the record that this is judged by: back-off after a failure, a hold
/// after refused credentials that a new version of them lifts, a brake on rejected tokens.
/// </summary>
internal sealed class AttemptGate(
    IFailureLedger ledger, ICredentialSource credentials, RandomSource random, TimeProvider time, ILogger<AttemptGate> logger)
{
    /// <summary>Returns if the vendor may be asked now.</summary>
    /// <param name="session">Of which connection.</param>
    /// <param name="goal">What for.</param>
    /// <param name="judged">The record by which it might be asked a moment ago; unchanged, it is not judged again.</param>
    /// <returns>The record by which it may.</returns>
    /// <exception cref="TokenException">It may not: the earlier refusal if an operator must act, else <see cref="FailureKind.BackingOff"/>.</exception>
    public async Task<LedgerEntry?> EnsureDueAsync(ConnectionSession session, TokenGoal goal, LedgerEntry? judged = null)
    {
        if (goal.OverridesBackOff)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (session.RejectionHoldUntil > now)
        {
            throw BackingOff(session, session.RejectionHoldUntil - now, "callers rejected several of its tokens in a row");
        }

        var entry = await ledger.ReadAsync(session.Connection.Key, CancellationToken.None);
        if (entry == judged)
        {
            return entry;
        }

        session.NextAttempt = entry.NextAttempt ?? default;
        if (entry is not { NextAttempt: { } next, LastFailure: { } failure } || next <= now)
        {
            return entry;
        }

        if (entry.RefusedCredentialVersion is { } refused && await IsNewsAsync(session, refused, now))
        {
            session.NextAttempt = default;
            return entry;
        }

        throw failure.NeedsOperator
            ? new TokenException(failure with { WasNotTried = true })
            : BackingOff(session, next - now, $"the last attempt failed: {failure.Detail.TrimEnd('.')}", failure);
    }

    /// <summary>Whether the vault now holds other credentials than the refused ones. False if it cannot say.</summary>
    public async Task<bool> HaveCredentialsChangedAsync(ConnectionSession session, string refused)
    {
        try
        {
            return await CredentialVersions.HaveChangedAsync(session.Connection, credentials, refused, CancellationToken.None);
        }
        catch (TokenException exception)
        {
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            return false;
        }
    }

    /// <summary>Notes that the vendor granted a token.</summary>
    public async Task RecordSuccessAsync(ConnectionSession session)
    {
        session.NextAttempt = default;
        await ledger.WriteAsync(session.Connection.Key, new LedgerEntry { LastSuccess = time.GetUtcNow() }, CancellationToken.None);
    }

    /// <summary>Notes that an attempt failed and when the next one is due.</summary>
    /// <returns>What to throw: the failure, with the wait before the next attempt.</returns>
    public async Task<TokenException> RecordFailureAsync(ConnectionSession session, SignIn signIn, TokenException exception)
    {
        var now = time.GetUtcNow();
        var failure = exception.Failure;
        var earlier = await ledger.ReadAsync(session.Connection.Key, CancellationToken.None);
        if (failure.WasNotTried)
        {
            // The lock was lost, nothing failed; but a refresh token that was sent before that is in doubt all the same.
            session.NextAttempt = now + (failure.RetryAfter ?? TimeSpan.Zero);
            await ledger.WriteAsync(
                session.Connection.Key, earlier with { DoubtfulRefreshToken = signIn.DoubtfulRefreshToken }, CancellationToken.None);
            return exception;
        }

        var failuresInRow = earlier.FailuresInRow + 1;
        var next = now + WaitAfter(failure, failuresInRow);
        await ledger.WriteAsync(
            session.Connection.Key,
            earlier with
            {
                LastFailure = failure,
                LastFailureAt = now,
                FailuresInRow = failuresInRow,
                NextAttempt = next,
                RefusedCredentialVersion = IsHeldUntilCredentialsChange(failure.Kind) ? signIn.CredentialVersion : null,
                DoubtfulRefreshToken = signIn.DoubtfulRefreshToken,
            },
            CancellationToken.None);
        session.NextAttempt = next ?? default;
        TokenLog.RenewalFailed(
            logger, session.Connection.Key, failuresInRow, failure.Kind, failure.HttpStatus, failure.OAuthError, failure.Detail, next);
        return failure.NeedsOperator ? exception : new TokenException(failure with { RetryAfter = next - now }, exception);
    }

    /// <summary>Leaves callers who have a usable token in peace for so long.</summary>
    /// <returns>What to throw: the failure that says so.</returns>
    public TokenException Pause(ConnectionSession session, TimeSpan wait, string why)
    {
        session.NextAttempt = time.GetUtcNow() + wait;
        return BackingOff(session, wait, why);
    }

    /// <summary>The failure that says that nothing is tried for so long.</summary>
    public static TokenException BackingOff(ConnectionSession session, TimeSpan wait, string why, TokenFailure? because = null) =>
        new(new TokenFailure(FailureKind.BackingOff, $"No token of {session.Connection.Key} is sought for the moment: {why}.")
        {
            OAuthError = because?.OAuthError,
            HttpStatus = because?.HttpStatus,
            RetryAfter = wait,
            WasNotTried = true,
        });

    private async Task<bool> IsNewsAsync(ConnectionSession session, string refused, DateTimeOffset now)
    {
        if (now - session.CredentialNewsAskedAt < RenewalRules.NewsInterval)
        {
            return false;
        }

        session.CredentialNewsAskedAt = now;
        return await HaveCredentialsChangedAsync(session, refused);
    }

    private TimeSpan? WaitAfter(TokenFailure failure, int failuresInRow)
    {
        if (failure.Kind is FailureKind.CredentialMissing or FailureKind.VaultAccessDenied)
        {
            // No vendor was asked; the moment an operator mends it, it works.
            return null;
        }

        if (IsHeldUntilCredentialsChange(failure.Kind))
        {
            return RenewalRules.RefusalHold;
        }

        return RenewalRules.BackOff(failuresInRow, failure.RetryAfter, random);
    }

    private static bool IsHeldUntilCredentialsChange(FailureKind kind) =>
        kind is FailureKind.CredentialsRefused or FailureKind.EnrolmentNeeded;
}
