using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using BackupFunctions.Json;
using BackupFunctions.Vendors;

namespace BackupFunctions.SignIn.Replies;

/// <summary>
/// How long a token lives, by all the plausible evidence in the reply that brought it. The shortest counts, because
/// vendors contradict themselves: some state a lifetime next to an earlier expiry, or a JWT that expires sooner than
/// the reply says.
/// </summary>
internal static class TokenLifetime
{
    /// <summary>What a longer life counts as: some vendors mean "for ever".</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The life of a token, counted from the moment the request was sent.</summary>
    /// <param name="json">The reply.</param>
    /// <param name="vendor">Where it has its fields, and what holds without evidence.</param>
    /// <param name="accessToken">The token; if it is a JWT it is read, never trusted for anything else.</param>
    /// <param name="sentAt">When the request was sent, on our clock.</param>
    /// <param name="vendorTime">The time of the reply on the vendor's clock; null for ours.</param>
    /// <returns>Null if the reply states it, but nothing that can be true. May be zero or negative.</returns>
    public static TimeSpan? Lifetime(
        JsonElement? json,
        VendorProfile vendor,
        string accessToken,
        DateTimeOffset sentAt,
        DateTimeOffset? vendorTime
    )
    {
        // Absolute instants are on the vendor's clock: what counts is their distance from what that clock showed.
        var clocks = new Clocks((vendorTime ?? sentAt).ToUnixTimeSeconds(), sentAt.ToUnixTimeSeconds());
        var jwt = JwtPayload(accessToken);
        var exp = UnixTime(jwt, "exp");
        double?[] evidence =
        [
            Duration(json.Number(vendor.Reply.ExpiresIn), clocks), // RFC 6749 section 5.1: seconds.
            clocks.Until(UnixTime(json, vendor.Reply.ExpiresOn)),
            clocks.Between(Instant(json, ".issued"), Instant(json, ".expires")),
            clocks.Between(UnixTime(jwt, "iat") ?? UnixTime(jwt, "nbf"), exp), // RFC 7519 section 4.1: Unix seconds.
            clocks.Until(exp),
        ];
        if (evidence.Min() is { } shortest)
        {
            var seconds = Math.Clamp(Math.Truncate(shortest), -1, Longest.TotalSeconds);
            return TimeSpan.FromSeconds(seconds);
        }

        string[] members = [vendor.Reply.ExpiresIn, vendor.Reply.ExpiresOn, ".expires"];
        return members.Any(name => json.Member(name) is not null) ? null : vendor.LifetimeWithoutEvidence;
    }

    /// <summary>A life in seconds. Some servers put the instant of its end there.</summary>
    private static double? Duration(double? seconds, Clocks clocks)
    {
        if (seconds < 0)
        {
            return null;
        }

        var untilThen = clocks.Until(seconds);
        var isInstant = seconds > Longest.TotalSeconds && untilThen > 0 && untilThen <= Longest.TotalSeconds;
        return isInstant ? untilThen : seconds;
    }

    /// <summary>Unix seconds; null for what is beyond the year 9999, such as milliseconds.</summary>
    private static double? UnixTime(JsonElement? json, string name) =>
        json.Number(name) is { } number && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? number : null;

    // ISO 8601, sometimes without a zone: then UTC.
    private static double? Instant(JsonElement? json, string name) =>
        DateTimeOffset.TryParse(
            json.Text(name),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant
        )
            ? instant.ToUnixTimeSeconds()
            : null;

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

    /// <summary>The time of the reply on the vendor's clock and on ours, in Unix seconds.</summary>
    private sealed record Clocks(double Vendor, double Ours)
    {
        /// <summary>
        /// The seconds until an instant. If they are over a year, the vendor's clock is not the one that the instant is
        /// on: it may show 1970.
        /// </summary>
        public double? Until(double? instant) =>
            instant - Vendor > Longest.TotalSeconds ? instant - Ours : instant - Vendor;

        /// <summary>The seconds between two instants; until the end if there is no start that can be true.</summary>
        public double? Between(double? start, double? end) =>
            start is null || end - start > Longest.TotalSeconds ? Until(end) : end - start;
    }
}
