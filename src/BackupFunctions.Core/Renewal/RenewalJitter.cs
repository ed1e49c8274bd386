using System.Globalization;
using BackupFunctions.Tokens;

namespace BackupFunctions.Renewal;

/// <summary>
/// Lets sweeps renew some tokens some ticks early, each by a chance of its own, so that tokens which were issued
/// together drift apart. Callers know nothing of it: for them the refresh window begins when it begins.
/// </summary>
internal static class RenewalJitter
{
    /// <summary>
    /// How much of the time until its refresh window a token gives away on average: a renewal more in thirteen.
    /// </summary>
    public const double MeanShare = 0.075;

    /// <summary>The instant by which a sweep judges a token.</summary>
    /// <param name="token">
    /// The token; the chance is drawn from its fingerprint, so that every process comes to the same.
    /// </param>
    /// <param name="refreshBefore">As in <see cref="AccessToken.RefreshAt"/>.</param>
    /// <param name="tick">The time between two sweeps; zero for the exact instant.</param>
    public static DateTimeOffset RefreshAt(AccessToken token, TimeSpan? refreshBefore, TimeSpan tick)
    {
        var exact = token.RefreshAt(refreshBefore);
        if (tick <= TimeSpan.Zero)
        {
            return exact;
        }

        // Whole ticks, because sweeps see no less; rounded by chance, so that short lives of few ticks spread just as
        // much.
        var (share, rounding) = (Fraction(token.Fingerprint.AsSpan(0, 8)), Fraction(token.Fingerprint.AsSpan(8, 8)));
        var ticks = Math.Floor((2 * MeanShare * share * ((exact - token.IssuedAt) / tick)) + rounding);
        return exact - (tick * ticks);
    }

    private static double Fraction(ReadOnlySpan<char> hex) =>
        uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) / (uint.MaxValue + 1.0);
}
