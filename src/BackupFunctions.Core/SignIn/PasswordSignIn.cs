using BackupFunctions.Rotation;
using BackupFunctions.Tokens;

namespace BackupFunctions.SignIn;

/// <summary>
/// Signs in with a refresh token that works once, otherwise with the password and, if the account asks for it, a
/// one-time code.
/// </summary>
internal sealed class PasswordSignIn(PasswordRequests requests, Enrolment enrolment, OneTimeCodes codes)
{
    /// <summary>Signs in.</summary>
    /// <exception cref="TokenException">The vendor, or a credential, failed.</exception>
    public async Task<TokenGrant> SignInAsync(SignInContext context, CancellationToken cancellationToken)
    {
        var rotation = context.Rotation!;
        if (rotation.OneTimeCode is { } code)
        {
            var password = await context.GetAsync(context.Connection.Credential, cancellationToken);
            return await enrolment.SignInAsync(context, password, code, cancellationToken);
        }

        if (await TryRefreshAsync(context, rotation, cancellationToken) is { } grant)
        {
            return grant;
        }

        try
        {
            return await SendPasswordAsync(context, rotation, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind is FailureKind.EnrolmentNeeded && rotation.IsRefreshTokenDoubtful)
        {
            // Only a person could help now. A refresh token that may be spent is better than that, but not twice in one
            // attempt.
            return rotation.Unanswered is null
                ? await SendDoubtfulAsync(context, rotation, exception, cancellationToken)
                : throw rotation.Unanswered;
        }
    }

    /// <summary>Ends the session, with a new access token if the last one has expired.</summary>
    /// <returns>False if the vendor did not end it.</returns>
    /// <exception cref="TokenException">The vendor failed, or there is no token to end the session with.</exception>
    public async Task<bool> EndSessionAsync(
        SignInContext context,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        var connection = context.Connection;
        if (connection.Vendor.EndSession is null)
        {
            return false;
        }

        if (token is not null && await requests.TrySignOutAsync(connection, token, cancellationToken))
        {
            await context.Rotation!.BuryRefreshTokenAsync();
            return true;
        }

        if (context.Rotation?.RefreshToken is not { } refreshToken)
        {
            const string Problem =
                "Its access token no longer works, and there is no refresh token to end its session with.";
            throw new TokenException(new TokenFailure(FailureKind.CredentialMissing, Problem) { HttpStatus = 401 });
        }

        // The refresh token keeps the session alive for weeks: it is spent for an access token that can end it.
        // Granted, refused or unanswered: none of it may be sent again, even if the vault does not remove it.
        await context.Rotation.BuryRefreshTokenAsync();
        AccessToken last;
        try
        {
            last = (await requests.RefreshAsync(context, refreshToken, cancellationToken)).AccessToken;
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            return true;
        }

        return await requests.TrySignOutAsync(connection, last, cancellationToken);
    }

    /// <summary>
    /// Spends the refresh token. Null if there is none that may be sent, it is dead, or its answer is lost.
    /// </summary>
    private async Task<TokenGrant?> TryRefreshAsync(
        SignInContext context,
        RotationContext rotation,
        CancellationToken cancellationToken
    )
    {
        if (rotation.RefreshToken is not { } refreshToken || rotation.IsRefreshTokenDoubtful)
        {
            return null;
        }

        try
        {
            return await requests.RefreshAsync(context, refreshToken, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            await rotation.BuryRefreshTokenAsync();
            return null;
        }
        catch (TokenException exception) when (exception.Failure.MayHaveReachedVendor)
        {
            rotation.DoubtRefreshToken(exception);
            return null;
        }
    }

    private async Task<TokenGrant> SendDoubtfulAsync(
        SignInContext context,
        RotationContext rotation,
        TokenException enrolmentNeeded,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await requests.RefreshAsync(context, rotation.RefreshToken!, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            await rotation.BuryRefreshTokenAsync();
            throw enrolmentNeeded;
        }
    }

    private async Task<TokenGrant> SendPasswordAsync(
        SignInContext context,
        RotationContext rotation,
        CancellationToken cancellationToken
    )
    {
        rotation.EnsurePasswordAllowed();
        var connection = context.Connection;
        var knewLastStep = codes.HasUsed(connection.Key) || rotation.OneTimeCodeStep is not null;
        var password = await context.GetAsync(connection.Credential, cancellationToken);
        var totpSecret = connection.TotpSecret is { } name ? await context.FindAsync(name, cancellationToken) : null;
        for (var isRetry = false; ; isRetry = true)
        {
            try
            {
                return await requests.SignInAsync(context, password, totpSecret, cancellationToken);
            }
            catch (OneTimeCodeException failed)
            {
                // The answer may be lost, or another process may just have used this step: try the next step once.
                var wasRefused = failed.Cause.Failure.Kind == FailureKind.CredentialsRefused;
                if (isRetry || (wasRefused && (knewLastStep || context.Refusals.Left < 2)))
                {
                    throw failed.Cause;
                }

                if (wasRefused)
                {
                    await context.Refusals.AddBeforeRetryAsync();
                }
            }
        }
    }
}
