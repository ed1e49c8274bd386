using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Json;
using BackupFunctions.SignIn.Replies;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;

namespace BackupFunctions.SignIn;

/// <summary>The requests of the password flow, with the names that the vendor's profile gives them.</summary>
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
            FlowOf(context.Connection).RefreshGrant,
            spends: true,
            cancellationToken,
            KeyValuePair.Create("refresh_token", refreshToken.Reveal())
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
        if (!AsksForCode(connection, reply, out var mfaToken))
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
            await revocation.EndSessionAsync(connection, token, cancellationToken);
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
            FlowOf(context.Connection).PasswordGrant,
            spends: false,
            cancellationToken,
            new(FlowOf(context.Connection).UsernameField, context.Connection.Username),
            new(FlowOf(context.Connection).PasswordField, password.Secret.Reveal())
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
            FlowOf(context.Connection).OneTimeCodeGrant!,
            spends: true,
            cancellationToken,
            new("mfa_token", mfaToken),
            new("mfa_code", code)
        );
        return GrantOf(context, reply);
    }

    /// <summary>Reads the tokens of a reply; a refresh token without an access token is kept all the same.</summary>
    public static TokenGrant GrantOf(SignInContext context, TokenReply reply)
    {
        var lifetime = FlowOf(context.Connection).RefreshTokenLifetime;
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
    public static bool AsksForCode(Connection connection, TokenReply reply, [NotNullWhen(true)] out string? mfaToken)
    {
        mfaToken = reply.Json.Text("mfa_token");
        return FlowOf(connection).OneTimeCodeGrant is not null
            && mfaToken is not null
            && reply.Json.Text("access_token") is null
            && reply.Json.Member("mfa_enabled") is null or { ValueKind: JsonValueKind.True };
    }

    /// <summary>Sends a request, each attempt only while the lock is held: two sessions may end each other.</summary>
    private async Task<TokenReply> SendAsync(
        SignInContext context,
        string grantType,
        bool spends,
        CancellationToken cancellationToken,
        params KeyValuePair<string, string>[] fields
    )
    {
        var (connection, held) = (context.Connection, context.Rotation!.EnsureLockHeld);
        var further = FlowOf(connection).Fields;
        using var request = new HttpRequestMessage(HttpMethod.Post, connection.TokenEndpoint);
        request.Content = new FormUrlEncodedContent([new("grant_type", grantType), .. fields, .. further]);
        return await tokenEndpoint.RequestAsync(request, connection, spends, cancellationToken, held);
    }

    private static PasswordFlow FlowOf(Connection connection) => (PasswordFlow)connection.Vendor.Flow;
}
