using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Asks <see cref="SignInPolicy"/> with the record from the ledger, and the vault for newer credentials if they would
/// help.
/// </summary>
internal sealed class SignInGate(
    ILedger ledger,
    ICredentialSource credentials,
    TimeProvider time,
    ILogger<SignInGate> logger,
    IIncidentListener? incidents = null
)
{
    /// <summary>Returns if the vendor may be asked now.</summary>
    /// <param name="state">The connection.</param>
    /// <param name="byOperator">Whether an operator asks.</param>
    /// <param name="decidedOn">The record that allowed the attempt a moment ago; unchanged, it still does.</param>
    /// <returns>The record that allows it; null if an operator does.</returns>
    /// <exception cref="TokenException">
    /// The attempt is not allowed: the earlier failure if an operator must act, otherwise <see
    /// cref="FailureKind.BackingOff"/>.
    /// </exception>
    public async Task<LedgerEntry?> EnsureAllowedAsync(
        ConnectionState state,
        bool byOperator,
        LedgerEntry? decidedOn = null
    )
    {
        if (byOperator)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var record = await ledger.ReadAsync(
            state.Connection.Key,
            newest: decidedOn is not null,
            CancellationToken.None
        );
        var isHeldByCallers = state.RejectionHoldUntil > now;
        if (decidedOn is not null && !isHeldByCallers && record.AllowsTheSameAs(decidedOn))
        {
            return record;
        }

        state.Learn(record);
        ReportIncident(state, record);
        var decision = await DecideAsync(state, record, now);
        if (decision.Verdict == SignInVerdict.Allowed)
        {
            state.WaitUntil(default);
            return record;
        }

        if (decision.Obstacle == SignInObstacle.SignedOut)
        {
            state.Drop();
        }

        if (!isHeldByCallers)
        {
            state.WaitUntil(decision.Until ?? now + ConnectionState.VaultInterval);
        }

        throw SkippedAttempts.For(decision, state.Connection, record, now);
    }

    /// <summary>
    /// Whether the vault now holds a version of the credentials other than the refused one. False if it cannot say.
    /// </summary>
    public async Task<bool> HaveCredentialsChangedAsync(ConnectionState state, string refused)
    {
        try
        {
            return await CredentialVersions.HaveChangedAsync(
                state.Connection.Credentials,
                credentials,
                refused,
                CancellationToken.None
            );
        }
        catch (TokenException exception)
        {
            RenewalLog.VaultReadFailed(logger, state.Connection.Key, exception.Failure);
            return false;
        }
    }

    /// <summary>Suppresses renewals for a while; callers keep the current token.</summary>
    /// <returns>What to throw.</returns>
    public TokenException Pause(ConnectionState state, TimeSpan wait, string why)
    {
        state.WaitUntil(time.GetUtcNow() + wait);
        return SkippedAttempts.NotRetrying(state.Connection, wait, why);
    }

    private async Task<SignInDecision> DecideAsync(ConnectionState state, LedgerEntry record, DateTimeOffset now)
    {
        var request = new SignInRequest
        {
            RotatesRefreshTokens = state.Connection.Vendor.RotatesRefreshTokens,
            RejectionHoldUntil = state.RejectionHoldUntil,
        };
        var decision = SignInPolicy.Decide(record, now, request);
        var wouldNewCredentialsHelp =
            decision.Obstacle == SignInObstacle.LastFailure && record.RefusedCredentialVersion is not null;
        return
            wouldNewCredentialsHelp
            && state.MayCheckCredentials(now)
            && await HaveCredentialsChangedAsync(state, record.RefusedCredentialVersion!)
            ? SignInPolicy.Decide(record, now, request with { HasNewCredentials = true })
            : decision;
    }

    private void ReportIncident(ConnectionState state, LedgerEntry record)
    {
        if (record.Incident is not null)
        {
            incidents?.Heard(state.Connection.Key, record);
        }
    }
}
