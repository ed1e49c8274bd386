using BackupFunctions.Diagnostics;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Randomness;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>Keeps the record of attempts that the next one is judged by: what began, what worked, what failed and until when that holds.</summary>
internal sealed class AttemptRecord(
    ILedger ledger,
    RandomSource random,
    TimeProvider time,
    ILogger<AttemptRecord> logger,
    IIncidentListener? incidents = null
)
{
    /// <summary>Notes that a sign-in begins, and says what it may do.</summary>
    /// <param name="session">Of which connection; it is due, or an operator wants it.</param>
    /// <param name="byOperator">Whether an operator wants it.</param>
    public async Task<AttemptAllowance> BeginAsync(ConnectionState session, bool byOperator)
    {
        var now = time.GetUtcNow();
        // Whoever is no operator has read the newest entry a moment ago, when it was judged.
        var entry = await ledger.ReadAsync(session.Connection.Key, newest: byOperator, CancellationToken.None);
        var refusals = entry.RefusalsSince(now - RenewalRules.RefusalWindow);
        var left = Math.Max(byOperator ? 1 : 0, RenewalRules.MostRefusals - refusals);
        if (refusals == 0)
        {
            return new AttemptAllowance(entry, left, CountedAt: null);
        }

        // Counted before it is made: an attempt whose process is killed may have been one refusal more.
        await ledger.UpdateAsync(
            session.Connection.Key,
            entry => entry with { Refusals = [.. entry.Refusals, now] },
            CancellationToken.None
        );
        return new AttemptAllowance(entry, left, now);
    }

    /// <summary>
    /// Counts refusals before credentials are sent once more: those that were met, and the one that may come. A process that is killed now
    /// would not have told of either.
    /// </summary>
    /// <param name="session">Of which connection.</param>
    /// <param name="round">The attempt.</param>
    /// <param name="upTo">How many there are then at the most.</param>
    public ValueTask CountAheadAsync(ConnectionState session, SignInAttempt round, int upTo)
    {
        List<DateTimeOffset> more =
        [
            .. Enumerable.Repeat(time.GetUtcNow(), Math.Max(0, upTo - round.CountedAhead.Count)),
        ];
        round.CountedAhead.AddRange(more);
        return more.Count == 0
            ? ValueTask.CompletedTask
            : ledger.UpdateAsync(
                session.Connection.Key,
                entry => entry with { Refusals = [.. entry.Refusals, .. more] },
                CancellationToken.None
            );
    }

    /// <summary>Puts on record that the one-time code of a time step is used up.</summary>
    public ValueTask RecordOneTimeCodeStepAsync(ConnectionState session, long step) =>
        ledger.UpdateAsync(
            session.Connection.Key,
            entry => entry.OneTimeCodeStep >= step ? entry : entry with { OneTimeCodeStep = step },
            CancellationToken.None
        );

    /// <summary>Notes that the vendor granted a token.</summary>
    /// <exception cref="TokenException">
    /// <see cref="FailureKind.SignedOut"/>: an operator signed the connection out meanwhile, and only an operator's own attempt ends that.
    /// </exception>
    public async Task RecordSuccessAsync(ConnectionState session, SignInAttempt round, AccessToken token)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? signedOutAt = null;
        var hasReadCredentials = round.Last.CredentialVersion.Length > 0;
        session.NextAttempt = default;
        session.Failure = null;
        var updated = LedgerEntry.Empty;
        await ledger.UpdateAsync(
            session.Connection.Key,
            entry =>
                updated = new LedgerEntry
                {
                    LastSuccess = now,
                    SignedOutAt = signedOutAt = round.IsByOperator ? null : entry.SignedOutAt,
                    SignedInAt = round.IsByOperator ? now : entry.SignedInAt,
                    Token = token.Facts,
                    CredentialExpiresAt = hasReadCredentials
                        ? round.Last.CredentialExpiresAt
                        : entry.CredentialExpiresAt,
                    CredentialVersion = hasReadCredentials ? round.Last.CredentialVersion : entry.CredentialVersion,
                    RefusedCredentialVersion = round.Last.Instead is null ? null : round.RefusedVersion,
                    SpentRefreshToken = session.Unsaved.RefreshToken is null
                        ? null
                        : round.SpentRefreshToken ?? entry.SpentRefreshToken,
                    // What an operator has mended starts anew. Nothing else does: a vendor may count on although the credentials worked between.
                    Refusals = round.IsByOperator ? [] : RefusalsAfter(entry, round, now),
                    Rejected = entry.Rejected,
                    OneTimeCodeStep = entry.OneTimeCodeStep,
                    Incident = entry.Incident?.AfterSuccess(now),
                },
            CancellationToken.None
        );
        if (signedOutAt is { } since)
        {
            session.Drop();
            throw SkippedAttempts.SignedOut(session, since);
        }

        Tell(session, updated);
    }

    /// <summary>Puts on record that an operator signs the connection out. Nothing is handed out or tried from now on.</summary>
    public ValueTask RecordSignOutAsync(ConnectionState session)
    {
        var now = time.GetUtcNow();
        return ledger.UpdateAsync(
            session.Connection.Key,
            entry => entry with { SignedOutAt = entry.SignedOutAt ?? now, Token = null, DoubtfulRefreshToken = null },
            CancellationToken.None
        );
    }

    /// <summary>Notes that an attempt failed and when the next one is due.</summary>
    /// <returns>What to throw: the failure, with the wait before the next attempt.</returns>
    public async Task<TokenException> RecordFailureAsync(
        ConnectionState session,
        SignInAttempt round,
        TokenException exception
    )
    {
        var now = time.GetUtcNow();
        var (failure, signIn) = (exception.Failure, round.Last);
        if (failure.WasNotTried)
        {
            // The lock was lost, nothing failed; but a refresh token that was sent before that is in doubt all the same.
            session.NextAttempt = now + (failure.RetryAfter ?? TimeSpan.Zero);
            await ledger.UpdateAsync(
                session.Connection.Key,
                entry =>
                    entry with
                    {
                        DoubtfulRefreshToken = signIn.DoubtfulRefreshToken,
                        Refusals = RefusalsAfter(entry, round, now),
                    },
                CancellationToken.None
            );
            return exception;
        }

        if (round.IsEnrolment && failure.Kind == FailureKind.CredentialsRefused)
        {
            // A mistyped code says nothing of what works without one, and must not hold that up. But the vendor counts it.
            await ledger.UpdateAsync(
                session.Connection.Key,
                entry => entry with { Refusals = RefusalsAfter(entry, round, now) },
                CancellationToken.None
            );
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
                next = now + WaitAfter(failure, round, failuresInRow, jitter);
                return updated = entry with
                {
                    LastFailure = failure,
                    LastFailureAt = now,
                    FailuresInRow = failuresInRow,
                    NextAttempt = next,
                    RefusedCredentialVersion = IsHeldUntilCredentialsChange(failure)
                        ? round.RefusedVersion ?? signIn.CredentialVersion
                        : null,
                    DoubtfulRefreshToken = signIn.DoubtfulRefreshToken,
                    Refusals = RefusalsAfter(entry, round, now),
                    Incident = Incident.AfterFailure(entry.Incident, session.Connection.Key, now),
                };
            },
            CancellationToken.None
        );
        Tell(session, updated);
        session.NextAttempt = next ?? default;
        session.Failure = failure.Kind;
        Instruments.BackOffCounter.Add(
            1,
            new("vendor", session.Connection.Key.Vendor),
            new("kind", OutcomeName.Of(failure.Kind))
        );
        TokenLog.RenewalFailed(
            logger,
            session.Connection.Key,
            failuresInRow,
            failure.Kind,
            failure.HttpStatus,
            failure.OAuthError,
            failure.Detail,
            next
        );
        return failure.NeedsOperator
            ? exception
            : new TokenException(failure with { RetryAfter = next - now }, exception);
    }

    /// <summary>Tells of an incident that the record knows of.</summary>
    public void Tell(ConnectionState session, LedgerEntry entry)
    {
        if (entry.Incident is not null)
        {
            incidents?.Heard(session.Connection.Key, entry);
        }
    }

    /// <summary>The refusals of the last hour once an attempt has ended: without it where it was counted in advance, with those that it met.</summary>
    private static List<DateTimeOffset> RefusalsAfter(LedgerEntry entry, SignInAttempt round, DateTimeOffset now)
    {
        List<DateTimeOffset> refusals = [.. entry.Refusals];
        foreach (var counted in round.CountedAhead)
        {
            refusals.Remove(counted);
        }

        refusals.RemoveAll(refusal => refusal <= now - RenewalRules.RefusalWindow);
        refusals.AddRange(Enumerable.Repeat(now, round.Refusals));
        return refusals;
    }

    private static TimeSpan? WaitAfter(TokenFailure failure, SignInAttempt round, int failuresInRow, double jitter)
    {
        if (
            failure is
            { Kind: FailureKind.CredentialMissing or FailureKind.VaultAccessDenied, MayHaveReachedVendor: false }
        )
        {
            // No vendor was asked; the moment an operator mends it, it works.
            return null;
        }

        if (IsHeldUntilCredentialsChange(failure) && !round.IsNewestUntried)
        {
            return RenewalRules.RefusalHold;
        }

        return RenewalRules.BackOff(failuresInRow, failure.RetryAfter, jitter);
    }

    /// <summary>What another version of the credentials mends. One that is unusable counts where another had been sent before that was found out.</summary>
    private static bool IsHeldUntilCredentialsChange(TokenFailure failure) =>
        failure.Kind is FailureKind.CredentialsRefused or FailureKind.EnrolmentNeeded
        || failure is { Kind: FailureKind.CredentialMissing, MayHaveReachedVendor: true };
}
