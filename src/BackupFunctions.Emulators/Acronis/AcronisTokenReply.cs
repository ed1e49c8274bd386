using System.Globalization;
using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>The JSON that hands a token out.</summary>
internal static class AcronisTokenReply
{
    /// <summary>Begins the scope of a token for one customer.</summary>
    public const string TenantScope = "urn:acronis.com:tenant-id:";

    public static Reply Of(IssuedToken token, string idToken, DateTimeOffset claimedExpiry, AcronisExpiry expiry)
    {
        var reply = new JsonObject
        {
            ["access_token"] = token.Value,
            ["token_type"] = "bearer",
            ["id_token"] = idToken,
        };
        if (expiry is AcronisExpiry.ExpiresOn or AcronisExpiry.Both)
            reply["expires_on"] = claimedExpiry.ToUnixTimeSeconds();
        if (expiry is AcronisExpiry.ExpiresIn or AcronisExpiry.Both)
            reply["expires_in"] = (long)(claimedExpiry - token.IssuedAt).TotalSeconds;
        if (token.Tenant is { } tenant)
            reply["scope"] = string.Create(CultureInfo.InvariantCulture, $"{TenantScope}{tenant:D}");
        return Reply.Json(StatusCodes.Status200OK, reply).NotStored();
    }
}
