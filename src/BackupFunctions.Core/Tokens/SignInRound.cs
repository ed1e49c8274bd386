using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tokens;

/// <summary>
/// One attempt to sign in. Refused credentials are read anew from the vault, and if they are other ones, tried once more:
/// a rotated secret is picked up without a restart.
/// </summary>
internal sealed class SignInRound(
    ConnectionSession session, RefreshToken? refreshToken, AttemptAllowance allowance, IRefreshLease? lease,
    ICredentialSource credentials, AttemptGate gate, ILogger logger)
{
    /// <summary>The sign-in that was made last; it knows which credentials were used and which refresh token may be spent.</summary>
    public SignIn Last { get; private set; } = null!;

    /// <summary>How often the vendor refused credentials.</summary>
    public int Refusals { get; private set; }

    /// <summary>What the attempt was allowed by.</summary>
    public AttemptAllowance Allowance => allowance;

    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, a credential or a lost lock stood in the way.</exception>
    public async Task<TokenGrant> RunAsync()
    {
        // What was refused is not sent again out of a cache.
        Last = Begin(refreshToken, allowance.Entry.DoubtfulRefreshToken, newest: allowance.Entry.RefusedCredentialVersion is not null);
        try
        {
            return await SignInAsync();
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.CredentialsRefused)
        {
            if (Refusals >= allowance.RefusalsLeft || !await gate.HaveCredentialsChangedAsync(session, Last.CredentialVersion))
            {
                throw;
            }
        }

        TokenLog.CredentialsRotated(logger, session.Connection.Key);
        Last = Begin(refreshToken: null, Last.DoubtfulRefreshToken, newest: true);
        return await SignInAsync();
    }

    private async Task<TokenGrant> SignInAsync()
    {
        Last.EnsureStillMine();
        try
        {
            return await session.Vendor.SignInAsync(Last, CancellationToken.None);
        }
        catch (TokenException exception) when (exception.Failure is { Kind: FailureKind.CredentialsRefused, WasNotTried: false })
        {
            Last.NoteRefusal();
            throw;
        }
        catch (Exception exception) when (exception is not TokenException)
        {
            // A fault of ours backs off like a failure of the vendor's: a loop of sign-ins could lock the account.
            TokenLog.SignInBroke(logger, session.Connection.Key, exception);
            Last.DoubtfulRefreshToken = Last.RefreshToken?.Fingerprint ?? Last.DoubtfulRefreshToken;
            throw new TokenException(
                new TokenFailure(FailureKind.VendorReplyUnusable, $"The sign-in of {session.Connection.Key} broke off unexpectedly; the log has the exception."),
                exception);
        }
        finally
        {
            Refusals += Last.Refusals;
        }
    }

    private SignIn Begin(RefreshToken? refreshToken, string? doubtful, bool newest) => new(session.Connection, credentials, newest)
    {
        RefreshToken = refreshToken,
        DoubtfulRefreshToken = doubtful,
        EnsureStillMine = EnsureStillMine,
        RefusalsLeft = allowance.RefusalsLeft - Refusals,
        OneTimeCodeStep = allowance.Entry.OneTimeCodeStep,
        UseOneTimeCodeStepAsync = step => gate.RecordOneTimeCodeStepAsync(session, step),
    };

    private void EnsureStillMine()
    {
        if (lease?.Lost.IsCancellationRequested == true)
        {
            throw AttemptGate.BackingOff(session, RenewalRules.NewsInterval, "the refresh lock was lost to another process");
        }
    }
}
