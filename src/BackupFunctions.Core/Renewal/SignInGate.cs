using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Renewal;

/// <summary>
/// Says whether the vendor may be asked now: back-off after a failure, a hold after refused credentials that a new version of them
/// lifts, a brake on rejected tokens.
/// </summary>
internal sealed class SignInGate(
    ILedger ledger,
    AttemptRecord record,
    ICredentialSource credentials,
    TimeProvider time,
    ILogger<SignInGate> logger
)
{
    /// <summary>Returns if the vendor may be asked now.</summary>
    /// <param name="session">Of which connection.</param>
    /// <param name="goal">What for.</param>
    /// <param name="judged">The record by which it might be asked a moment ago; unchanged, it is not judged again.</param>
    /// <returns>The record by which it may.</returns>
    /// <exception cref="TokenException">It may not: the earlier refusal if an operator must act, else <see cref="FailureKind.BackingOff"/>.</exception>
    public async Task<LedgerEntry?> EnsureDueAsync(
        ConnectionState session,
        TokenRequirement goal,
        LedgerEntry? judged = null
    )
    {
        if (goal.OverridesBackOff)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (session.RejectionHoldUntil > now)
        {
            throw SkippedAttempts.BackingOff(
                session,
                session.RejectionHoldUntil - now,
                "callers rejected several of its tokens in a row"
            );
        }

        var entry = await ledger.ReadAsync(session.Connection.Key, newest: judged is not null, CancellationToken.None);
        if (judged is not null && entry.IsAsOldAs(judged))
        {
            return entry;
        }

        session.NextAttempt = entry.NextAttempt ?? default;
        record.Tell(session, entry);
        session.Failure = entry.SignedOutAt is null ? entry.LastFailure?.Kind : FailureKind.SignedOut;
        if (entry.SignedOutAt is { } signedOutAt)
        {
            session.NextAttempt = now + RenewalRules.NewsInterval;
            session.Drop();
            throw SkippedAttempts.SignedOut(session, signedOutAt);
        }

        if (
            entry is { NextAttempt: { } next, LastFailure: { } failure }
            && next > now
            && !(entry.RefusedCredentialVersion is { } refused && await IsNewsAsync(session, refused, now))
        )
        {
            throw SkippedAttempts.NotDue(session, failure, next - now);
        }

        if (entry.LeftAloneUntil(now) is { } until && !MayRefresh(session, entry))
        {
            session.NextAttempt = until;
            throw entry.LastFailure is { NeedsOperator: true } last
                ? new TokenException(
                    last with
                    {
                        Problem =
                            $"{last.Problem} It was refused {RenewalRules.MostRefusals} times within an hour, so that nothing is tried before {until:HH:mm} UTC unless an operator asks for it.",
                        WasNotTried = true,
                    }
                )
                : SkippedAttempts.TooManyRefusals(session, until - now);
        }

        session.NextAttempt = default;
        return entry;
    }

    /// <summary>Whether the vault now holds other credentials than the refused ones. False if it cannot say.</summary>
    public async Task<bool> HaveCredentialsChangedAsync(ConnectionState session, string refused)
    {
        try
        {
            return await CredentialVersions.HaveChangedAsync(
                session.Connection,
                credentials,
                refused,
                CancellationToken.None
            );
        }
        catch (TokenException exception)
        {
            TokenLog.VaultReadFailed(logger, session.Connection.Key, exception.Failure.Kind, exception.Failure.Detail);
            return false;
        }
    }

    /// <summary>Leaves callers who have a usable token in peace for so long.</summary>
    /// <returns>What to throw: the failure that says so.</returns>
    public TokenException Pause(ConnectionState session, TimeSpan wait, string why)
    {
        session.NextAttempt = time.GetUtcNow() + wait;
        return SkippedAttempts.BackingOff(session, wait, why);
    }

    /// <summary>Whether there is a refresh token that works, as far as is known: sending it is no sign-in that could lock the account.</summary>
    private static bool MayRefresh(ConnectionState session, LedgerEntry entry) =>
        session.Vendor.RotatesRefreshTokens && entry.LastSuccess > entry.Refusals[^1];

    private async Task<bool> IsNewsAsync(ConnectionState session, string refused, DateTimeOffset now)
    {
        if (now - session.CredentialNewsAskedAt < RenewalRules.NewsInterval)
        {
            return false;
        }

        session.CredentialNewsAskedAt = now;
        return await HaveCredentialsChangedAsync(session, refused);
    }
}
