using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace BackupFunctions.SignIn;

/// <summary>
/// How long a token lives, by all the evidence in the reply that brought it. The shortest counts, because vendors
/// contradict themselves: some state a lifetime next to an earlier expiry, or a JWT that expires sooner than the reply
/// says.
/// </summary>
internal static class TokenLifetime
{
    /// <summary>What is assumed of a token that comes without any evidence.</summary>
    public static readonly TimeSpan WithoutEvidence = TimeSpan.FromSeconds(300);

    /// <summary>No vendor's token lives longer; a reply that says so is broken.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>The life of a token, counted from the moment the request was sent.</summary>
    /// <param name="json">The reply.</param>
    /// <param name="accessToken">The token; if it is a JWT it is read, never trusted for anything else.</param>
    /// <param name="sentAt">When the request was sent, on our clock.</param>
    /// <param name="vendorTime">The time of the reply on the vendor's clock; null for ours.</param>
    /// <returns>Null if any of the evidence is no time at all, or absurd. May be zero or negative.</returns>
    public static TimeSpan? Lifetime(
        JsonElement? json,
        string accessToken,
        DateTimeOffset sentAt,
        DateTimeOffset? vendorTime
    )
    {
        // Absolute instants are on the vendor's clock: what counts is their distance from what that clock showed.
        var vendorNow = (vendorTime ?? sentAt).ToUnixTimeSeconds();
        if (
            !json.TryNumber("expires_in", out var expiresIn)
            || !json.TryNumber("expires_on", out var expiresOn)
            || !TryInstant(json, ".expires", out var expires)
            || !TryInstant(json, ".issued", out var issued)
        )
        {
            return null;
        }

        var jwt = JwtPayload(accessToken);
        jwt.TryNumber("exp", out var exp);
        if (!jwt.TryNumber("iat", out var since) || since is null)
        {
            jwt.TryNumber("nbf", out since);
        }

        long?[] evidence =
        [
            expiresIn, // RFC 6749 section 5.1: seconds.
            expiresOn - vendorNow,
            expires - (issued ?? vendorNow),
            exp - since, // RFC 7519 section 4.1: Unix seconds.
            exp - vendorNow,
        ];
        var shortest = evidence.Min();
        if (evidence.Any(seconds => seconds > Longest.TotalSeconds))
        {
            return null;
        }

        return shortest is { } life ? TimeSpan.FromSeconds(Math.Max(life, -1)) : WithoutEvidence;
    }

    private static bool TryInstant(JsonElement? json, string name, out long? unixSeconds)
    {
        unixSeconds = null;
        if (json.Member(name) is null)
        {
            return true;
        }

        // ISO 8601, sometimes without a zone: then UTC.
        if (
            !DateTimeOffset.TryParse(
                json.Text(name),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var instant
            )
        )
        {
            return false;
        }

        unixSeconds = instant.ToUnixTimeSeconds();
        return true;
    }

    private static JsonElement? JwtPayload(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            return LenientJson.Parse(Base64Url.DecodeFromChars(parts[1]));
        }
        catch (FormatException)
        {
            // An opaque token that happens to have two dots.
            return null;
        }
    }
}
