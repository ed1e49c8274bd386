using BackupFunctions.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tokens;

/// <summary>
/// Says whether the vendor may be asked now, and keeps the record that this is judged by: back-off after a failure, a hold
/// after refused credentials that a new version of them lifts, a brake on rejected tokens.
/// </summary>
internal sealed class AttemptGate(
    IFailureLedger ledger, ICredentialSource credentials, RandomSource random, TimeProvider time, ILogger<AttemptGate> logger, IIncidentListener? incidents = null)
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
            throw NotTried.BackingOff(session, session.RejectionHoldUntil - now, "callers rejected several of its tokens in a row");
        }

        var entry = await ledger.ReadAsync(session.Connection.Key, newest: judged is not null, CancellationToken.None);
        if (judged is not null && entry.IsAsOldAs(judged))
        {
            return entry;
        }

        session.NextAttempt = entry.NextAttempt ?? default;
        Tell(session, entry);
        session.Failure = entry.SignedOutAt is null ? entry.LastFailure?.Kind : FailureKind.SignedOut;
        if (entry.SignedOutAt is { } signedOutAt)
        {
            session.NextAttempt = now + RenewalRules.NewsInterval;
            throw NotTried.SignedOut(session, signedOutAt);
        }

        if (entry is { NextAttempt: { } next, LastFailure: { } failure } && next > now
            && !(entry.RefusedCredentialVersion is { } refused && await IsNewsAsync(session, refused, now)))
        {
            throw NotTried.NotDue(session, failure, next - now);
        }

        if (entry.LeftAloneUntil(now) is { } until && !MayRefresh(session, entry))
        {
            session.NextAttempt = until;
            throw entry.LastFailure is { NeedsOperator: true } last
                ? new TokenException(last with { Detail = $"{last.Detail} It was refused {RenewalRules.MostRefusals} times within an hour, so that nothing is tried before {until:HH:mm} UTC unless an operator asks for it.", WasNotTried = true })
                : NotTried.TooManyRefusals(session, until - now);
        }

        session.NextAttempt = default;
        return entry;
    }

    /// <summary>
    /// Whether any process of this deployment heard that the vendor answered 401 to this token, or signed the connection out; if so,
    /// nobody hands it out.
    /// </summary>
    public async Task<bool> IsRejectedAnywhereAsync(ConnectionSession session, string fingerprint)
    {
        var key = session.Connection.Key;
        var entry = await ledger.ReadAsync(key, newest: false, CancellationToken.None);
        if (entry.SignedOutAt is not null)
        {
            session.Drop();
            return true;
        }

        var isKnown = entry.Rejected.Contains(fingerprint);
        if (session.IsRejected(fingerprint))
        {
            if (!isKnown)
            {
                // The vault still has it: the other processes must not take it from there.
                await RecordRejectionAsync(session, fingerprint);
            }

            return true;
        }

        if (isKnown)
        {
            session.RejectedElsewhere(fingerprint);
        }

        return isKnown;
    }

    /// <summary>Tells the other processes that the vendor answered 401 to a token that they may have too.</summary>
    public ValueTask RecordRejectionAsync(ConnectionSession session, string fingerprint) =>
        ledger.UpdateAsync(session.Connection.Key, entry => entry.WithRejected(fingerprint), CancellationToken.None);

    /// <summary>Notes that a sign-in begins, and says what it may do.</summary>
    /// <param name="session">Of which connection; it is due, or an operator wants it.</param>
    /// <param name="byOperator">Whether an operator wants it.</param>
    public async Task<AttemptAllowance> BeginAsync(ConnectionSession session, bool byOperator)
    {
        var now = time.GetUtcNow();
        var entry = await ledger.ReadAsync(session.Connection.Key, newest: false, CancellationToken.None);
        var refusals = entry.RefusalsSince(now - RenewalRules.RefusalWindow);
        var left = Math.Max(byOperator ? 1 : 0, RenewalRules.MostRefusals - refusals);
        if (refusals == 0)
        {
            return new AttemptAllowance(entry, left, CountedAt: null);
        }

        // Counted before it is made: an attempt whose process is killed may have been one refusal more.
        await ledger.UpdateAsync(session.Connection.Key, entry => entry with { Refusals = [.. entry.Refusals, now] }, CancellationToken.None);
        return new AttemptAllowance(entry, left, now);
    }

    /// <summary>Puts on record that the one-time code of a time step is used up.</summary>
    public ValueTask RecordOneTimeCodeStepAsync(ConnectionSession session, long step) =>
        ledger.UpdateAsync(
            session.Connection.Key, entry => entry.OneTimeCodeStep >= step ? entry : entry with { OneTimeCodeStep = step }, CancellationToken.None);

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
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.SignedOut"/>: an operator signed the connection out meanwhile, and only an operator's own attempt ends that.
    /// </exception>
    public async Task RecordSuccessAsync(ConnectionSession session, SignInRound round, AccessToken token)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? signedOutAt = null;
        var hasReadCredentials = round.Last.CredentialVersion.Length > 0;
        session.NextAttempt = default;
        session.Failure = null;
        var updated = LedgerEntry.Empty;
        await ledger.UpdateAsync(
            session.Connection.Key,
            entry => updated = new LedgerEntry
            {
                LastSuccess = now,
                SignedOutAt = signedOutAt = round.IsByOperator ? null : entry.SignedOutAt,
                SignedInAt = round.IsByOperator ? now : entry.SignedInAt,
                Token = token.Facts,
                CredentialExpiresAt = hasReadCredentials ? round.Last.CredentialExpiresAt : entry.CredentialExpiresAt,
                CredentialVersion = hasReadCredentials ? round.Last.CredentialVersion : entry.CredentialVersion,
                RefusedCredentialVersion = round.Last.Instead is null ? null : round.RefusedVersion,
                SpentRefreshToken = session.Unsaved.RefreshToken is null ? null : round.SpentRefreshToken ?? entry.SpentRefreshToken,
                // What an operator has mended starts anew. Nothing else does: a vendor may count on although the credentials worked between.
                Refusals = round.IsByOperator ? [] : RefusalsAfter(entry, round, now),
                Rejected = entry.Rejected,
                OneTimeCodeStep = entry.OneTimeCodeStep,
                Incident = entry.Incident?.AfterSuccess(now),
            },
            CancellationToken.None);
        if (signedOutAt is { } since)
        {
            session.Drop();
            throw NotTried.SignedOut(session, since);
        }

        Tell(session, updated);
    }

    /// <summary>Puts on record that an operator signs the connection out. Nothing is handed out or tried from now on.</summary>
    public ValueTask RecordSignOutAsync(ConnectionSession session)
    {
        var now = time.GetUtcNow();
        return ledger.UpdateAsync(
            session.Connection.Key,
            entry => entry with { SignedOutAt = entry.SignedOutAt ?? now, Token = null, DoubtfulRefreshToken = null },
            CancellationToken.None);
    }

    /// <summary>Notes that an attempt failed and when the next one is due.</summary>
    /// <returns>What to throw: the failure, with the wait before the next attempt.</returns>
    public async Task<TokenException> RecordFailureAsync(ConnectionSession session, SignInRound round, TokenException exception)
    {
        var now = time.GetUtcNow();
        var (failure, signIn) = (exception.Failure, round.Last);
        if (failure.WasNotTried)
        {
            // The lock was lost, nothing failed; but a refresh token that was sent before that is in doubt all the same.
            session.NextAttempt = now + (failure.RetryAfter ?? TimeSpan.Zero);
            await ledger.UpdateAsync(
                session.Connection.Key,
                entry => entry with { DoubtfulRefreshToken = signIn.DoubtfulRefreshToken, Refusals = RefusalsAfter(entry, round, now) },
                CancellationToken.None);
            return exception;
        }

        if (round.IsEnrolment && failure.Kind == FailureKind.CredentialsRefused)
        {
            // A mistyped code says nothing of what works without one, and must not hold that up. But the vendor counts it.
            await ledger.UpdateAsync(session.Connection.Key, entry => entry with { Refusals = RefusalsAfter(entry, round, now) }, CancellationToken.None);
            TokenLog.EnrolmentRefused(logger, session.Connection.Key, failure.HttpStatus, failure.Detail);
            return exception;
        }

        var (failuresInRow, next) = (0, (DateTimeOffset?)null);
        var jitter = random.NextDouble();
        var updated = LedgerEntry.Empty;
        await ledger.UpdateAsync(
            session.Connection.Key,
            entry =>
            {
                failuresInRow = entry.FailuresInRow + 1;
                next = now + WaitAfter(failure, failuresInRow, jitter);
                return updated = entry with
                {
                    LastFailure = failure,
                    LastFailureAt = now,
                    FailuresInRow = failuresInRow,
                    NextAttempt = next,
                    RefusedCredentialVersion = IsHeldUntilCredentialsChange(failure.Kind) ? round.RefusedVersion ?? signIn.CredentialVersion : null,
                    DoubtfulRefreshToken = signIn.DoubtfulRefreshToken,
                    Refusals = RefusalsAfter(entry, round, now),
                    Incident = Incident.AfterFailure(entry.Incident, session.Connection.Key, now),
                };
            },
            CancellationToken.None);
        Tell(session, updated);
        session.NextAttempt = next ?? default;
        session.Failure = failure.Kind;
        Instruments.BackOffCounter.Add(1, new("vendor", session.Connection.Key.Vendor), new("kind", Outcome.Of(failure.Kind)));
        TokenLog.RenewalFailed(
            logger, session.Connection.Key, failuresInRow, failure.Kind, failure.HttpStatus, failure.OAuthError, failure.Detail, next);
        return failure.NeedsOperator ? exception : new TokenException(failure with { RetryAfter = next - now }, exception);
    }

    /// <summary>Leaves callers who have a usable token in peace for so long.</summary>
    /// <returns>What to throw: the failure that says so.</returns>
    public TokenException Pause(ConnectionSession session, TimeSpan wait, string why)
    {
        session.NextAttempt = time.GetUtcNow() + wait;
        return NotTried.BackingOff(session, wait, why);
    }

    /// <summary>Whether there is a refresh token that works, as far as is known: sending it is no sign-in that could lock the account.</summary>
    private static bool MayRefresh(ConnectionSession session, LedgerEntry entry) =>
        session.Vendor.RotatesRefreshTokens && entry.LastSuccess > entry.Refusals[^1];

    /// <summary>The refusals of the last hour once an attempt has ended: without it where it was counted in advance, with those that it met.</summary>
    private static List<DateTimeOffset> RefusalsAfter(LedgerEntry entry, SignInRound round, DateTimeOffset now)
    {
        List<DateTimeOffset> refusals = [.. entry.Refusals];
        if (round.Allowance.CountedAt is { } counted)
        {
            refusals.Remove(counted);
        }

        refusals.RemoveAll(refusal => refusal <= now - RenewalRules.RefusalWindow);
        refusals.AddRange(Enumerable.Repeat(now, round.Refusals));
        return refusals;
    }

    private void Tell(ConnectionSession session, LedgerEntry entry)
    {
        if (entry.Incident is not null)
        {
            incidents?.Heard(session.Connection.Key, entry);
        }
    }

    private async Task<bool> IsNewsAsync(ConnectionSession session, string refused, DateTimeOffset now)
    {
        if (now - session.CredentialNewsAskedAt < RenewalRules.NewsInterval)
        {
            return false;
        }

        session.CredentialNewsAskedAt = now;
        return await HaveCredentialsChangedAsync(session, refused);
    }

    private static TimeSpan? WaitAfter(TokenFailure failure, int failuresInRow, double jitter)
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

        return RenewalRules.BackOff(failuresInRow, failure.RetryAfter, jitter);
    }

    private static bool IsHeldUntilCredentialsChange(FailureKind kind) =>
        kind is FailureKind.CredentialsRefused or FailureKind.EnrolmentNeeded;
}
