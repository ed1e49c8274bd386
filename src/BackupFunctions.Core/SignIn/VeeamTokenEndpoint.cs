using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BackupFunctions.Credentials;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>The requests of Veeam's token endpoint: Password, Mfa and Refresh_token, and the DELETE that ends a session.</summary>
public sealed class VeeamTokenEndpoint(TokenEndpoint tokenEndpoint, RevocationClient sessions, OneTimeCodes codes)
{
    /// <summary>How long a refresh token lives, by the vendor's documentation; no reply says it.</summary>
    private static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(14);

    /// <summary>The token endpoint of a connection's appliance.</summary>
    public static Uri AddressOf(VeeamConnection connection) =>
        new($"{connection.Appliance.AbsoluteUri.TrimEnd('/')}/api/oauth2/token");

    /// <summary>Spends a refresh token for a new pair.</summary>
    /// <exception cref="TokenException">There is no new pair; a refusal says that the refresh token is dead.</exception>
    public async Task<TokenGrant> RefreshAsync(
        SignInContext signIn,
        RefreshToken refreshToken,
        CancellationToken cancellationToken
    )
    {
        signIn.EnsureStillMine();
        var reply = await SendAsync(
            signIn,
            "Refresh_token",
            spends: true,
            cancellationToken,
            ("refresh_token", refreshToken.Reveal())
        );
        return GrantOf(signIn, reply);
    }

    /// <summary>Signs in with a password, and with a one-time code where the account asks for one.</summary>
    /// <exception cref="OneTimeCodeFailedException">The step with the one-time code failed.</exception>
    /// <exception cref="TokenException">The password was refused, or there is no one-time code to give.</exception>
    public async Task<TokenGrant> SignInAsync(
        SignInContext signIn,
        Credential password,
        Credential? totpSecret,
        CancellationToken cancellationToken
    )
    {
        var connection = (VeeamConnection)signIn.Connection;
        var reply = await SendPasswordAsync(signIn, password, cancellationToken);
        if (!AsksForCode(reply, out var mfaToken))
        {
            return GrantOf(signIn, reply);
        }

        if (totpSecret is null)
        {
            throw new TokenException(
                FailureKind.EnrolmentNeeded,
                $"The account of {connection.Key} asks for a one-time code. Save its TOTP secret in the vault as {connection.TotpSecret.Name}, or enrol it with a code: POST /api/Enroll/{connection.Key}."
            );
        }

        var (step, code) = await NextCodeAsync(signIn, totpSecret, cancellationToken);
        await signIn.UseOneTimeCodeStepAsync(step);
        try
        {
            return await SendCodeAsync(signIn, mfaToken, code, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            throw new OneTimeCodeFailedException(
                new TokenException(
                    exception.Failure with
                    {
                        Problem = $"The account of {connection.Key} accepted the password but not the one-time code.",
                        Remedy = $"Check the TOTP secret {connection.TotpSecret.Name} in the vault.",
                    },
                    exception
                )
            );
        }
        catch (TokenException exception) when (exception.Failure.MayHaveReachedVendor)
        {
            throw new OneTimeCodeFailedException(exception);
        }
    }

    /// <summary>Signs in with a password and, where the account asks for one, the one-time code that a person gave.</summary>
    /// <exception cref="TokenException"><see cref="FailureKind.CredentialsRefused"/> says whether it was the password or the code, among others.</exception>
    public async Task<TokenGrant> EnrolAsync(
        SignInContext signIn,
        Credential password,
        SecretText code,
        CancellationToken cancellationToken
    )
    {
        var connection = (VeeamConnection)signIn.Connection;
        TokenReply reply;
        try
        {
            reply = await SendPasswordAsync(signIn, password, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            throw Told(
                exception,
                $"It was the password of {connection.Key}, not the code, that was refused. {exception.Failure.Detail}"
            );
        }

        if (!AsksForCode(reply, out var mfaToken))
        {
            return GrantOf(signIn, reply);
        }

        await signIn.UseOneTimeCodeStepAsync(codes.NoteUse(connection.Key, connection.Appliance));
        try
        {
            return await SendCodeAsync(signIn, mfaToken, code.Reveal(), cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            throw Told(
                exception,
                $"The account of {connection.Key} accepted the password but not the one-time code. A code works once, and for half a minute: give the next one that the app shows."
            );
        }
        catch (TokenException exception) when (exception.Failure.MayHaveReachedVendor)
        {
            throw Told(
                exception,
                $"{exception.Failure.Detail} The code may be used up by now: give the next one that the app shows."
            );
        }
    }

    /// <summary>Ends the session that an access token belongs to.</summary>
    /// <returns>False if the appliance does not know the token any more.</returns>
    /// <exception cref="TokenException">The appliance did not end it.</exception>
    public async Task<bool> TrySignOutAsync(
        VeeamConnection connection,
        AccessToken token,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await sessions.DeleteAsync(
                AddressOf(connection),
                token,
                connection.ServerCertificateSha256,
                cancellationToken
            );
            return true;
        }
        catch (TokenException exception) when (exception.Failure.HttpStatus == 401)
        {
            return false;
        }
    }

    private async Task<(long Step, string Code)> NextCodeAsync(
        SignInContext signIn,
        Credential totpSecret,
        CancellationToken cancellationToken
    )
    {
        var connection = (VeeamConnection)signIn.Connection;
        try
        {
            return await codes.NextAsync(
                connection.Key,
                connection.Appliance,
                totpSecret.Secret,
                signIn.OneTimeCodeStep,
                cancellationToken
            );
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialMissing)
        {
            // The password was sent: it must not be at every call until somebody mends the TOTP secret.
            throw new TokenException(exception.Failure with { MayHaveReachedVendor = true }, exception);
        }
    }

    private static TokenException Told(TokenException exception, string detail) =>
        new(exception.Failure with { Problem = detail, Remedy = null }, exception);

    private Task<TokenReply> SendPasswordAsync(
        SignInContext signIn,
        Credential password,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            signIn,
            "Password",
            spends: false,
            cancellationToken,
            ("Username", ((VeeamConnection)signIn.Connection).Username),
            ("Password", password.Secret.Reveal())
        );

    private async Task<TokenGrant> SendCodeAsync(
        SignInContext signIn,
        string mfaToken,
        string code,
        CancellationToken cancellationToken
    )
    {
        signIn.EnsureStillMine();
        return GrantOf(
            signIn,
            await SendAsync(signIn, "Mfa", spends: true, cancellationToken, ("mfa_token", mfaToken), ("mfa_code", code))
        );
    }

    private static TokenGrant GrantOf(SignInContext signIn, TokenReply reply)
    {
        try
        {
            return reply.ToGrant(RefreshTokenLifetime);
        }
        catch (TokenException) when (reply.RefreshToken(RefreshTokenLifetime) is { } refreshToken)
        {
            signIn.UnpairedRefreshToken = refreshToken;
            throw;
        }
    }

    /// <summary>Whether the password was right, and a code is to follow.</summary>
    private static bool AsksForCode(TokenReply reply, [NotNullWhen(true)] out string? mfaToken)
    {
        mfaToken = reply.Json.Text("mfa_token");
        return mfaToken is not null
            && reply.Json.Text("access_token") is null
            && reply.Json.Member("mfa_enabled") is { ValueKind: JsonValueKind.True };
    }

    private Task<TokenReply> SendAsync(
        SignInContext signIn,
        string grantType,
        bool spends,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] fields
    )
    {
        var connection = (VeeamConnection)signIn.Connection;
        var request = new TokenRequest { Address = AddressOf(connection).AbsoluteUri, GrantType = grantType };
        foreach (var (name, value) in fields)
        {
            request.Parameters.Add(name, value);
        }

        return tokenEndpoint.RequestAsync(request, spends, connection.ServerCertificateSha256, cancellationToken);
    }
}
