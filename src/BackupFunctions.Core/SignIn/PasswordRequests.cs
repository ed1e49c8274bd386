using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Json;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Duende.IdentityModel.Client;

namespace BackupFunctions.SignIn;

/// <summary>The password flow: Password, Mfa and Refresh_token, and the DELETE that ends a session.</summary>
internal sealed class PasswordRequests(TokenEndpoint tokenEndpoint, RevocationClient revocation, OneTimeCodes codes)
{
    /// <summary>Spends a refresh token for a new pair of tokens.</summary>
    /// <exception cref="TokenException">There is no new pair. A refusal means that the token is dead.</exception>
    public async Task<TokenGrant> RefreshAsync(
        SignInContext context,
        RefreshToken refreshToken,
        CancellationToken cancellationToken
    )
    {
        var reply = await SendAsync(
            context,
            "Refresh_token",
            spends: true,
            cancellationToken,
            ("refresh_token", refreshToken.Reveal())
        );
        return GrantOf(context, reply);
    }

    /// <summary>Signs in with the password, and with a one-time code if the account asks for one.</summary>
    /// <exception cref="OneTimeCodeException">The step with the one-time code failed.</exception>
    /// <exception cref="TokenException">The password was refused, or there is no one-time code to send.</exception>
    public async Task<TokenGrant> SignInAsync(
        SignInContext context,
        Credential password,
        Credential? totpSecret,
        CancellationToken cancellationToken
    )
    {
        var connection = context.Connection;
        var reply = await SendPasswordAsync(context, password, cancellationToken);
        if (!AsksForCode(reply, out var mfaToken))
        {
            return GrantOf(context, reply);
        }

        if (totpSecret is null)
        {
            throw new TokenException(
                FailureKind.EnrolmentNeeded,
                $"The account of {connection.Key} asks for a one-time code.",
                $"Save its TOTP secret in the vault as {connection.TotpSecret!.Name}, or "
                    + $"enrol the connection with a code: POST /api/Enroll/{connection.Key}."
            );
        }

        var (step, code) = await NextCodeAsync(context, totpSecret, cancellationToken);
        await context.Rotation!.UseOneTimeCodeStepAsync(step);
        try
        {
            return await SendCodeAsync(context, mfaToken, code, cancellationToken);
        }
        catch (TokenException exception) when (OAuthErrors.BlamesCredentials(exception.Failure))
        {
            var failure = exception.Failure with
            {
                Problem = $"The account of {connection.Key} accepted the password but not the one-time code.",
                Remedy = $"Check the TOTP secret {connection.TotpSecret!.Name} in the vault.",
            };
            throw new OneTimeCodeException(new TokenException(failure, exception));
        }
        catch (TokenException exception)
            when (exception.Failure is { MayHaveReachedVendor: true, HttpStatus: not (400 or 401) })
        {
            throw new OneTimeCodeException(exception);
        }
    }

    /// <summary>Ends the session that an access token belongs to.</summary>
    /// <returns>False if the vendor no longer knows the token.</returns>
    /// <exception cref="TokenException">The vendor did not end it.</exception>
    public async Task<bool> TrySignOutAsync(
        Connection connection,
        AccessToken token,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await revocation.DeleteAsync(connection.TokenEndpoint!, connection, token, cancellationToken);
            return true;
        }
        catch (TokenException exception) when (exception.Failure is { HttpStatus: 401, NeedsOperator: true })
        {
            return false;
        }
    }

    private async Task<(long Step, string Code)> NextCodeAsync(
        SignInContext context,
        Credential totpSecret,
        CancellationToken cancellationToken
    )
    {
        var (connection, step) = (context.Connection, context.Rotation!.OneTimeCodeStep);
        try
        {
            return await codes.NextAsync(connection.Key, connection.Server, totpSecret.Secret, step, cancellationToken);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialMissing)
        {
            // The password was sent: until someone fixes the TOTP secret, it must not be sent at every call.
            throw new TokenException(exception.Failure with { MayHaveReachedVendor = true }, exception);
        }
    }

    /// <summary>Sends the password.</summary>
    /// <exception cref="TokenException">It was refused, or the vendor is unavailable, or the lock lost.</exception>
    public Task<TokenReply> SendPasswordAsync(
        SignInContext context,
        Credential password,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            context,
            "Password",
            spends: false,
            cancellationToken,
            ("Username", context.Connection.Username),
            ("Password", password.Secret.Reveal())
        );

    /// <summary>Sends a one-time code.</summary>
    /// <exception cref="TokenException">It was refused, or the vendor is unavailable.</exception>
    public async Task<TokenGrant> SendCodeAsync(
        SignInContext context,
        string mfaToken,
        string code,
        CancellationToken cancellationToken
    )
    {
        var reply = await SendAsync(
            context,
            "Mfa",
            spends: true,
            cancellationToken,
            ("mfa_token", mfaToken),
            ("mfa_code", code)
        );
        return GrantOf(context, reply);
    }

    /// <summary>Reads the tokens of a reply; a refresh token without an access token is kept all the same.</summary>
    public static TokenGrant GrantOf(SignInContext context, TokenReply reply)
    {
        var lifetime = ((PasswordFlow)context.Connection.Vendor.Flow).RefreshTokenLifetime;
        try
        {
            return reply.ToGrant(lifetime);
        }
        catch (TokenException) when (reply.RefreshToken(lifetime) is { } refreshToken)
        {
            context.Rotation!.UnpairedRefreshToken = refreshToken;
            throw;
        }
    }

    /// <summary>Whether the password was right and a code has to follow.</summary>
    public static bool AsksForCode(TokenReply reply, [NotNullWhen(true)] out string? mfaToken)
    {
        mfaToken = reply.Json.Text("mfa_token");
        return mfaToken is not null
            && reply.Json.Text("access_token") is null
            && reply.Json.Member("mfa_enabled") is { ValueKind: JsonValueKind.True };
    }

    /// <summary>Sends a request, each attempt only while the lock is held: two sessions may end each other.</summary>
    private async Task<TokenReply> SendAsync(
        SignInContext context,
        string grantType,
        bool spends,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] fields
    )
    {
        var (connection, held) = (context.Connection, context.Rotation!.EnsureLockHeld);
        using var request = new TokenRequest { Address = connection.TokenEndpoint!.AbsoluteUri, GrantType = grantType };
        request.Parameters.AddRange(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await tokenEndpoint.RequestAsync(request, connection, spends, cancellationToken, held);
    }
}
