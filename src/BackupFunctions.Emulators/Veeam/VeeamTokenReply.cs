using System.Globalization;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>The JSON that answers a sign-in.</summary>
internal sealed class VeeamTokenReply(string username, bool datesWithoutZone)
{
    /// <summary>The role of the one account.</summary>
    public const string Role = "PortalAdmin";

    public Reply Granted(IssuedToken token, string refreshToken, TimeSpan claimedLifetime, bool mfaEnabled)
    {
        var reply = Body(mfaEnabled, (long)claimedLifetime.TotalSeconds, Date(token.IssuedAt), Date(token.ExpiresAt));
        reply["access_token"] = token.Value;
        reply["refresh_token"] = refreshToken;
        reply["roleName"] = Role;
        return Reply.Json(StatusCodes.Status200OK, reply).NotStored();
    }

    /// <summary>A correct password gets a 200, although there is no token yet.</summary>
    public Reply MfaNeeded(string mfaToken)
    {
        var reply = Body(mfaEnabled: true, expiresIn: 0, Date(DateTimeOffset.MinValue), Date(DateTimeOffset.MinValue));
        reply["mfa_token"] = mfaToken;
        return Reply.Json(StatusCodes.Status200OK, reply).NotStored();
    }

    private JsonObject Body(bool mfaEnabled, long expiresIn, string issued, string expires) =>
        new()
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = expiresIn,
            [".issued"] = issued,
            [".expires"] = expires,
            ["username"] = username,
            ["mfa_enabled"] = mfaEnabled,
        };

    private string Date(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(
            datesWithoutZone ? "yyyy-MM-ddTHH:mm:ss.fffffff" : "O",
            CultureInfo.InvariantCulture
        );
}
