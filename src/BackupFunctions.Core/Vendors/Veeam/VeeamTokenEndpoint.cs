using System.Text.Json;
using BackupFunctions.OAuth;
using BackupFunctions.Tokens;
using Duende.IdentityModel.Client;

namespace BackupFunctions.Vendors.Veeam;

/// <summary>The three requests of Veeam's token endpoint: Password, Mfa and Refresh_token.</summary>
public sealed class VeeamTokenEndpoint(TokenEndpoint tokenEndpoint, OneTimeCodes codes)
{
    /// <summary>How long a refresh token lives, by the vendor's documentation; no reply says it.</summary>
    private static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(14);

    /// <summary>The token endpoint of a connection's appliance.</summary>
    public static Uri AddressOf(VeeamConnection connection) => new($"{connection.Appliance.AbsoluteUri.TrimEnd('/')}/api/oauth2/token");

    /// <summary>Spends a refresh token for a new pair.</summary>
    /// <exception cref="TokenException">There is no new pair; a refusal says that the refresh token is dead.</exception>
    public async Task<TokenGrant> RefreshAsync(SignIn signIn, RefreshToken refreshToken, CancellationToken cancellationToken)
    {
        signIn.EnsureStillMine();
        var reply = await SendAsync(
            signIn, "Refresh_token", spends: true, cancellationToken, ("refresh_token", refreshToken.Reveal()));
        return GrantOf(signIn, reply);
    }

    /// <summary>Signs in with a password, and with a one-time code where the account asks for one.</summary>
    /// <exception cref="OneTimeCodeFailedException">The step with the one-time code failed.</exception>
    /// <exception cref="TokenException">The password was refused, or there is no one-time code to give.</exception>
    public async Task<TokenGrant> SignInAsync(SignIn signIn, Credential password, Credential? totpSecret, CancellationToken cancellationToken)
    {
        var connection = (VeeamConnection)signIn.Connection;
        var reply = await SendAsync(
            signIn, "Password", spends: false, cancellationToken, ("Username", connection.Username), ("Password", password.Secret.Reveal()));
        if (reply.Json.Text("access_token") is not null || reply.Json.Text("mfa_token") is not { } mfaToken || !AsksForCode(reply.Json))
        {
            return GrantOf(signIn, reply);
        }

        if (totpSecret is null)
        {
            throw new TokenException(
                FailureKind.EnrolmentNeeded,
                $"The account of {connection.Key} asks for a one-time code. Save its TOTP secret in the vault as {connection.TotpSecret.Name}, or enrol it with a code.");
        }

        var (step, code) = await codes.NextAsync(
            connection.Key, connection.Appliance, totpSecret.Secret, signIn.OneTimeCodeStep, cancellationToken);
        await signIn.UseOneTimeCodeStepAsync(step);
        signIn.EnsureStillMine();
        try
        {
            var granted = await SendAsync(signIn, "Mfa", spends: true, cancellationToken, ("mfa_token", mfaToken), ("mfa_code", code));
            return GrantOf(signIn, granted);
        }
        catch (TokenException exception) when (exception.Failure.Kind is FailureKind.CredentialsRefused)
        {
            throw new OneTimeCodeFailedException(new TokenException(
                exception.Failure with { Detail = $"The account of {connection.Key} accepted the password but not the one-time code. Check the TOTP secret {connection.TotpSecret.Name} in the vault." },
                exception));
        }
        catch (TokenException exception) when (exception.Failure.MayHaveReachedVendor)
        {
            throw new OneTimeCodeFailedException(exception);
        }
    }

    private static TokenGrant GrantOf(SignIn signIn, TokenReply reply)
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

    private static bool AsksForCode(JsonElement? json) => json.Member("mfa_enabled") is { ValueKind: JsonValueKind.True };

    private Task<TokenReply> SendAsync(
        SignIn signIn, string grantType, bool spends, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        var connection = (VeeamConnection)signIn.Connection;
        var request = new TokenRequest
        {
            Address = AddressOf(connection).AbsoluteUri,
            GrantType = grantType,
        };
        foreach (var (name, value) in fields)
        {
            request.Parameters.Add(name, value);
        }

        return tokenEndpoint.RequestAsync(request, spends, connection.ServerCertificateSha256, cancellationToken);
    }
}
