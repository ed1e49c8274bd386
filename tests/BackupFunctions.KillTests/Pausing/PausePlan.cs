using BackupFunctions.Testing;

namespace BackupFunctions.KillTests;

/// <summary>One pause, drawn from the seed.</summary>
/// <param name="Moment">
/// When, as a fraction of the duration of the renewal: 0 at its request, above 1 after its end.
/// </param>
/// <param name="VendorDelay">How long the appliance takes to grant.</param>
/// <param name="SaveDelay">How long the vault takes for each save.</param>
/// <param name="IsThrottled">Whether the vault refuses the first try to save, so that it is repeated.</param>
/// <param name="IsAtGrant">Whether it begins when the appliance has the request, whatever the moment.</param>
internal sealed record PausePlan(
    double Moment,
    TimeSpan VendorDelay,
    TimeSpan SaveDelay,
    bool IsThrottled,
    bool IsAtGrant
)
{
    private const double LatestMoment = 1.05;

    // In seconds: longer than what a renewal takes of itself, so that most pauses hit a grant or a save on its way.
    private const double ShortestDelay = 0.020;
    private const double LongestGrant = 0.400;
    private const double LongestSave = 0.100;

    private const double ThrottledShare = 1.0 / 3;

    // The worst moment, which a busy machine would miss by time.
    private const int AtGrantEvery = 5;

    /// <summary>About what the vault's client waits before it repeats a request.</summary>
    private static readonly TimeSpan RepeatedAfter = TimeSpan.FromMilliseconds(250);

    public static IReadOnlyList<PausePlan> Draw(int pauses, int seed)
    {
        var random = new SeededRandom(seed);
        return
        [
            .. Enumerable
                .Range(1, pauses)
                .Select(pause => new PausePlan(
                    random.NextDouble() * LatestMoment,
                    random.Seconds(ShortestDelay, LongestGrant),
                    random.Seconds(ShortestDelay, LongestSave),
                    random.Hits(ThrottledShare),
                    IsAtGrant: pause % AtGrantEvery == 1
                )),
        ];
    }

    /// <summary>The delay that they add to a renewal: one grant and two saves.</summary>
    public TimeSpan Delays => VendorDelay + (2 * SaveDelay) + (IsThrottled ? RepeatedAfter : TimeSpan.Zero);
}
