using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tokens;

/// <summary>
/// One attempt to sign in. Refused credentials are read anew from the vault, and if they are other ones, tried once more:
/// a rotated secret is picked up without a restart.
/// </summary>
internal sealed class SignInRound(
    ConnectionSession session, RefreshToken? refreshToken, string? doubtful, IRefreshLease? lease,
    ICredentialSource credentials, AttemptGate gate, ILogger logger)
{
    /// <summary>The sign-in that was made last; it knows which credentials were used and which refresh token may be spent.</summary>
    public SignIn Last { get; private set; } = null!;

    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, a credential or a lost lock stood in the way.</exception>
    public async Task<TokenGrant> RunAsync()
    {
        Last = Begin(refreshToken, doubtful, newest: false);
        try
        {
            Last.EnsureStillMine();
            return await session.Vendor.SignInAsync(Last, CancellationToken.None);
        }
        catch (TokenException exception) when (exception.Failure.Kind == FailureKind.CredentialsRefused)
        {
            if (!await gate.HaveCredentialsChangedAsync(session, Last.CredentialVersion))
            {
                throw;
            }
        }

        TokenLog.CredentialsRotated(logger, session.Connection.Key);
        Last = Begin(refreshToken: null, Last.DoubtfulRefreshToken, newest: true);
        Last.EnsureStillMine();
        return await session.Vendor.SignInAsync(Last, CancellationToken.None);
    }

    private SignIn Begin(RefreshToken? refreshToken, string? doubtful, bool newest) => new(session.Connection, credentials, newest)
    {
        RefreshToken = refreshToken,
        DoubtfulRefreshToken = doubtful,
        EnsureStillMine = EnsureStillMine,
    };

    private void EnsureStillMine()
    {
        if (lease?.Lost.IsCancellationRequested == true)
        {
            throw AttemptGate.BackingOff(session, RenewalRules.NewsInterval, "the refresh lock was lost to another process");
        }
    }
}
