using BackupFunctions.Testing;

namespace BackupFunctions.KillTests;

/// <summary>One kill, as the seed drew it.</summary>
/// <param name="Moment">When, as a part of the time that the renewal takes: 0 at its request, above 1 after its end.</param>
/// <param name="VendorDelay">How long the appliance takes to grant.</param>
/// <param name="SaveDelay">How long the vault takes for each save.</param>
/// <param name="NeedsCode">Whether the appliance asks for a one-time code if the password is needed.</param>
/// <param name="IsKilledAgain">Whether the next process is killed while it heals, before anybody looks whether it does.</param>
internal sealed record KillPlan(
    double Moment,
    TimeSpan VendorDelay,
    TimeSpan SaveDelay,
    bool NeedsCode,
    bool IsKilledAgain
)
{
    /// <summary>Beyond the end, so that some fall after the last save.</summary>
    private const double LatestMoment = 1.1;

    private const double ShortestDelay = 0.010;
    private const double LongestDelay = 0.060;

    // A code is good once in 30 s: were one needed each time, most of the run would be waiting for the next.
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

    /// <summary>What the delays add to a renewal: one grant and two saves.</summary>
    public TimeSpan Delays => VendorDelay + (2 * SaveDelay);
}
