using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Tokens;

namespace BackupFunctions.Vendors;

/// <summary>
/// Veeam Backup for Microsoft Azure: a refresh token that works once, else password and one-time code (helpcenter.veeam.com,
/// REST API reference, "Authentication").
/// </summary>
public sealed class VeeamVendor(VeeamTokenEndpoint endpoint, OneTimeCodes codes) : IVendor, ISignInServers
{
    /// <inheritdoc/>
    public string Name => "veeam";

    /// <inheritdoc/>
    public string SettingsName => "Veeam";

    /// <inheritdoc/>
    public bool RotatesRefreshTokens => true;

    /// <inheritdoc/>
    public int? EnrolmentCodeDigits => 6;

    /// <summary>Each appliance is a server of its own: many at once burden none, and one that is down holds up few.</summary>
    public int RefreshConcurrency => 64;

    /// <inheritdoc/>
    public Connection? ReadConnection(ConnectionSettings settings)
    {
        var appliance = settings.Url("BaseUrl", "the appliance's URL, for example https://203.0.113.10");
        return new VeeamConnection
        {
            Key = settings.Key,
            BaseUrl = appliance,
            RefreshBefore = settings.RefreshBefore,
            TokenSecretName = settings.TokenSecretName,
            Appliance = appliance,
            Username = settings.Required("Username", "the name of an account that nobody else signs in with"),
            Password = settings.Credential("PasswordSecretName", "password"),
            TotpSecret = settings.Credential("TotpSecretName", "totp-secret", isOptional: true),
            ServerCertificateSha256 = settings.Sha256("ServerCertificateSha256"),
        };
    }

    /// <inheritdoc/>
    public SignInServer ServerOf(Connection connection)
    {
        var veeam = (VeeamConnection)connection;
        return new SignInServer(VeeamTokenEndpoint.AddressOf(veeam), "BaseUrl")
        {
            Pin = veeam.ServerCertificateSha256,
            PinSetting = "ServerCertificateSha256",
        };
    }

    /// <inheritdoc/>
    public async Task<TokenGrant> SignInAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        if (signIn.OneTimeCode is { } code)
        {
            return await endpoint.EnrolAsync(
                signIn,
                await signIn.GetAsync(((VeeamConnection)signIn.Connection).Password, cancellationToken),
                code,
                cancellationToken
            );
        }

        if (signIn.RefreshToken is { } refreshToken && !signIn.IsRefreshTokenDoubtful)
        {
            try
            {
                return await endpoint.RefreshAsync(signIn, refreshToken, cancellationToken);
            }
            catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
            {
                // The refresh token is dead: sign in afresh.
            }
            catch (TokenException exception) when (exception.Failure.MayHaveReachedVendor)
            {
                // It may be spent, and the answer is lost: it is not sent again while there is another way.
                signIn.DoubtfulRefreshToken = refreshToken.Fingerprint;
                signIn.Unanswered = exception;
            }
        }

        try
        {
            return await SignInAfreshAsync(signIn, cancellationToken);
        }
        catch (TokenException exception)
            when (exception.Failure.Kind is FailureKind.EnrolmentNeeded && signIn.IsRefreshTokenDoubtful)
        {
            // There is no other way than a person. A refresh token that may be spent is better than that, but not at once.
            return signIn.Unanswered is null
                ? await TryDoubtfulAsync(signIn, exception, cancellationToken)
                : throw signIn.Unanswered;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> EndSessionAsync(
        SignInContext signIn,
        AccessToken? token,
        CancellationToken cancellationToken
    )
    {
        var connection = (VeeamConnection)signIn.Connection;
        if (token is not null && await endpoint.TrySignOutAsync(connection, token, cancellationToken))
        {
            return true;
        }

        if (signIn.RefreshToken is not { } refreshToken)
        {
            var failure = new TokenFailure(
                FailureKind.CredentialMissing,
                "Its access token works no more, and there is no refresh token to end its session with."
            );
            throw new TokenException(failure with { HttpStatus = 401 });
        }

        // The access token is over, but the refresh token keeps the session alive for weeks: it is spent for one that can end it.
        AccessToken last;
        try
        {
            last = (await endpoint.RefreshAsync(signIn, refreshToken, cancellationToken)).AccessToken;
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            return true;
        }

        return await endpoint.TrySignOutAsync(connection, last, cancellationToken);
    }

    private async Task<TokenGrant> TryDoubtfulAsync(
        SignInContext signIn,
        TokenException enrolmentNeeded,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await endpoint.RefreshAsync(signIn, signIn.RefreshToken!, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            throw enrolmentNeeded;
        }
    }

    private async Task<TokenGrant> SignInAfreshAsync(SignInContext signIn, CancellationToken cancellationToken)
    {
        signIn.EnsureMayBeRefused();
        var connection = (VeeamConnection)signIn.Connection;
        var knewLastStep = codes.HasUsed(connection.Key) || signIn.OneTimeCodeStep is not null;
        var password = await signIn.GetAsync(connection.Password, cancellationToken);
        var totpSecret = await signIn.FindAsync(connection.TotpSecret, cancellationToken);
        for (var isLastTry = false; ; isLastTry = true)
        {
            try
            {
                return await endpoint.SignInAsync(signIn, password, totpSecret, cancellationToken);
            }
            catch (OneTimeCodeFailedException failed)
            {
                // If the answer was lost, or another process may just have used this step: once more with the next one.
                var wasRefused = failed.Cause.Failure.Kind == FailureKind.CredentialsRefused;
                if (isLastTry || (wasRefused && (knewLastStep || signIn.RefusalsLeft < 2)))
                {
                    throw failed.Cause;
                }

                if (wasRefused)
                {
                    await signIn.NoteRefusalAsync();
                }
            }
        }
    }
}
