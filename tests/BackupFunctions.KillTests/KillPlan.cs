using BackupFunctions.Testing;

namespace BackupFunctions.KillTests;

/// <summary>One kill, drawn from the seed.</summary>
/// <param name="Moment">
/// When, as a fraction of the duration of the renewal: 0 at its request, above 1 after its end.
/// </param>
/// <param name="VendorDelay">How long the appliance takes to grant.</param>
/// <param name="SaveDelay">How long the vault takes for each save.</param>
/// <param name="NeedsCode">Whether signing in with the password needs a one-time code.</param>
/// <param name="IsKilledAgain">Whether the next process is killed while it recovers, before the checks.</param>
internal sealed record KillPlan(
    double Moment,
    TimeSpan VendorDelay,
    TimeSpan SaveDelay,
    bool NeedsCode,
    bool IsKilledAgain
)
{
    /// <summary>After the end, so that some kills follow the last save.</summary>
    private const double LatestMoment = 1.1;

    // In seconds.
    private const double ShortestDelay = 0.010;
    private const double LongestDelay = 0.060;

    // A code works once in 30 s: if each kill needed one, most of the run would be spent waiting.
    private const double NeedsCodeShare = 1.0 / 10;
    private const double KilledAgainShare = 1.0 / 5;

    public static IReadOnlyList<KillPlan> Draw(int kills, int seed, bool mayBeKilledAgain)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable
                .Range(1, kills)
                .Select(kill => new KillPlan(
                    random.NextDouble() * LatestMoment,
                    random.Seconds(ShortestDelay, LongestDelay),
                    random.Seconds(ShortestDelay, LongestDelay),
                    random.Hits(NeedsCodeShare),
                    IsKilledAgain: random.Hits(KilledAgainShare) && mayBeKilledAgain && kill < kills
                )),
        ];
    }

    /// <summary>The delay that they add to a renewal: one grant and two saves.</summary>
    public TimeSpan Delays => VendorDelay + (2 * SaveDelay);
}
