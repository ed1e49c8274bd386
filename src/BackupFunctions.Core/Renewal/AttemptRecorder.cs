using BackupFunctions.Diagnostics;
using BackupFunctions.History;
using BackupFunctions.Ledger;
using BackupFunctions.Problems;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Records attempts: that one begins, that it succeeded, or why it failed and when the next one is due.
/// </summary>
internal sealed class AttemptRecorder(
    ILedger ledger,
    RandomSource random,
    TimeProvider time,
    ILogger<AttemptRecorder> logger,
    IIncidentListener? incidents = null
)
{
    /// <summary>
    /// Reads the record that an attempt starts from, and reserves a refusal for it if there were any lately.
    /// </summary>
    /// <param name="state">The connection; it is allowed to attempt, or an operator asks.</param>
    /// <param name="byOperator">Whether an operator asks.</param>
    /// <param name="cause">What or who has the attempt made.</param>
    public async Task<AttemptStart> BeginAsync(ConnectionState state, bool byOperator, Cause cause)
    {
        var now = time.GetUtcNow();

        // Anyone else has read the newest record a moment ago, for the decision.
        var record = await ledger.ReadAsync(state.Connection.Key, newest: byOperator, CancellationToken.None);
        var reserved = new List<DateTimeOffset>();
        var allowed = SignInPolicy.RefusalsLeft(record, now, byOperator);
        var start = new AttemptStart(
            record,
            new RefusalBudget(allowed, upTo => ReserveAsync(state, reserved, upTo)),
            reserved,
            cause
        );
        if (SignInPolicy.RecentRefusals(record, now) > 0)
        {
            await ReserveAsync(state, reserved, upTo: 1);
        }

        return start;
    }

    /// <summary>Records that a refresh token must never be sent again.</summary>
    public ValueTask RecordDeadRefreshTokenAsync(ConnectionState state, string fingerprint) =>
        UpdateAsync(state, record => record.WithDeadRefreshToken(fingerprint));

    /// <summary>Records that the one-time code of a time step is used.</summary>
    public ValueTask RecordOneTimeCodeStepAsync(ConnectionState state, long step) =>
        UpdateAsync(state, record => record.WithOneTimeCodeStep(step));

    /// <summary>Records that the vendor granted a token.</summary>
    /// <returns>
    /// False if an operator signed the connection out meanwhile, so that the token must not be served.
    /// </returns>
    public async Task<bool> RecordSuccessAsync(ConnectionState state, GrantedToken grant, AttemptRefusals refusals)
    {
        var now = time.GetUtcNow();
        var updated = LedgerEntry.Empty;
        await UpdateAsync(state, record => updated = record.AfterSuccess(grant, refusals, now));
        state.Learn(updated);
        if (updated.SignedOutAt is not null)
        {
            state.Drop();
            return false;
        }

        ReportIncident(state, updated);
        return true;
    }

    /// <summary>
    /// Records that an operator signs the connection out. From now on no process serves or tries anything.
    /// </summary>
    /// <param name="state">The connection.</param>
    /// <param name="name">The operator's name; null if it is not known.</param>
    /// <returns>False if not all processes would know, or remember it; then nothing has changed here.</returns>
    public ValueTask<bool> TryRecordSignOutAsync(ConnectionState state, string? name)
    {
        var now = time.GetUtcNow();
        return ledger.TryUpdateAsync(
            state.Connection.Key,
            record => record.AfterSignOut(now, name),
            CancellationToken.None
        );
    }

    /// <summary>Records that an attempt failed, and when the next one is due.</summary>
    /// <returns>What to throw: the failure, with the wait before the next attempt.</returns>
    public async Task<TokenException> RecordFailureAsync(
        ConnectionState state,
        SignInAttempt attempt,
        TokenException exception
    )
    {
        var now = time.GetUtcNow();
        var (failure, refusals) = (exception.Failure, attempt.Refusals);
        var doubtful = attempt.Rotation?.DoubtfulRefreshToken;
        if (failure.WasNotTried)
        {
            // The lock was lost, nothing failed; but a refresh token that was sent before is in doubt all the same.
            state.WaitUntil(now + (failure.RetryAfter ?? TimeSpan.Zero));
            await UpdateAsync(state, record => record.AfterAbandonedAttempt(doubtful, refusals, now));
            return exception;
        }

        if (attempt.IsEnrolment && failure.Kind == FailureKind.CredentialsRefused)
        {
            // A mistyped code says nothing about sign-ins without one, and must not delay them. But the vendor counts
            // it.
            await UpdateAsync(state, record =>
                record.AfterAbandonedAttempt(doubtful, refusals, now).WithAside(failure.Kind, attempt.Cause, now)
            );
            RenewalLog.EnrolmentRefused(logger, state.Connection.Key, failure.HttpStatus, failure.Detail);
            return exception;
        }

        var jitter = random.NextDouble();
        var updated = LedgerEntry.Empty;
        await UpdateAsync(state, record =>
        {
            var wait = SignInPolicy.WaitAfter(failure, record.FailuresInRow + 1, attempt.HasUntriedCredentials, jitter);
            var failed = new FailedAttempt(state.Connection.Key, failure)
            {
                NextAttempt = now + wait,
                RefusedCredentialVersion = SignInPolicy.IsHeldUntilCredentialsChange(failure)
                    ? attempt.RefusedVersion ?? attempt.Context.CredentialVersion
                    : null,
                DoubtfulRefreshToken = doubtful,
                Cause = attempt.Cause,
            };
            return updated = record.AfterFailure(failed, refusals, now);
        });
        state.Learn(updated);
        ReportIncident(state, updated);
        Instruments.BackOffCounter.Add(
            1,
            new("vendor", state.Connection.Key.Vendor),
            new("kind", OutcomeName.Of(failure.Kind))
        );
        RenewalLog.RenewalFailed(logger, state.Connection.Key, updated, failure);
        return failure.NeedsOperator
            ? exception
            : new TokenException(failure with { RetryAfter = updated.NextAttempt - now }, exception);
    }

    /// <summary>
    /// Records refusals before credentials are sent again: those that were met and the one that may come. A process
    /// that is killed now could not report either.
    /// </summary>
    private ValueTask ReserveAsync(ConnectionState state, List<DateTimeOffset> reserved, int upTo)
    {
        List<DateTimeOffset> more = [.. Enumerable.Repeat(time.GetUtcNow(), Math.Max(0, upTo - reserved.Count))];
        reserved.AddRange(more);
        return more.Count == 0 ? ValueTask.CompletedTask : UpdateAsync(state, record => record.WithReserved(more));
    }

    private ValueTask UpdateAsync(ConnectionState state, Func<LedgerEntry, LedgerEntry> change) =>
        ledger.UpdateAsync(state.Connection.Key, change, CancellationToken.None);

    private void ReportIncident(ConnectionState state, LedgerEntry record)
    {
        if (record.Incident is not null)
        {
            incidents?.Heard(state.Connection.Key, record);
        }
    }
}

/// <summary>What an attempt starts from.</summary>
/// <param name="Record">The record that allowed it.</param>
/// <param name="Budget">How often the vendor may refuse the credentials.</param>
/// <param name="Reserved">The refusals recorded ahead of the attempt's end; grows with the attempt.</param>
/// <param name="Cause">What or who has it made.</param>
internal sealed record AttemptStart(
    LedgerEntry Record,
    RefusalBudget Budget,
    IReadOnlyCollection<DateTimeOffset> Reserved,
    Cause Cause
);
