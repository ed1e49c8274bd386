using BackupFunctions.Vendors;

namespace BackupFunctions.Simulation;

/// <summary>What a run counted.</summary>
internal sealed class Figures
{
    public int Seeds { get; set; }

    public double SimulatedHours { get; set; }

    public long Events { get; set; }

    public long Faults { get; set; }

    public long Storms { get; set; }

    public long Violations { get; set; }

    public long Renewals { get; set; }

    /// <summary>How many tokens each vendor granted.</summary>
    public SortedDictionary<string, long> Grants { get; } = new(StringComparer.Ordinal);

    public long VendorCalls { get; set; }

    public long VaultCalls { get; set; }

    public long HandOuts { get; set; }

    /// <summary>Calls that were answered with a failure.</summary>
    public long Refusals { get; set; }

    public long Kills { get; set; }

    public long Restarts { get; set; }

    /// <summary>
    /// How often a person had to enrol an account without a TOTP secret, because an answer of the vendor's had been
    /// lost.
    /// </summary>
    public long Enrolments { get; set; }

    public long SignOuts { get; set; }

    /// <summary>How often an instance's own clock was set.</summary>
    public long ClockSteps { get; set; }

    /// <summary>Tokens that the vendor ended early because its clock was set, which no client can know.</summary>
    public long EndedByClock { get; set; }

    /// <summary>
    /// The most refused sign-ins of one account within an hour, while the storage that they are counted in was up.
    /// </summary>
    public long MostRefusedSignIns { get; set; }

    /// <summary>The same whatever the storage did.</summary>
    public long MostRefusedSignInsWithoutStorage { get; set; }

    /// <summary>The longest time in which an account had no usable token although everything was healthy.</summary>
    public double LongestWithoutTokenSeconds { get; set; }

    /// <summary>
    /// How often an account had no usable token for longer than a tick, only because a back-off or a hold had to run
    /// out first.
    /// </summary>
    public long LateByBackOff { get; set; }

    public void Granted(string vendor, long tokens = 1) => Grants[vendor] = Grants.GetValueOrDefault(vendor) + tokens;

    /// <summary>What a long run must have had and this one had not; null if it had everything.</summary>
    public string? Missing()
    {
        var vendors = VendorProfiles
            .BuiltIn.Where(profile => Grants.ContainsKey(profile.Name))
            .ToLookup(static profile => profile.RotatesRefreshTokens);
        return SignOuts == 0 ? "Nobody signed an account out"
            : Enrolments == 0 ? "Nobody enrolled an account"
            : vendors[true].Count() < 2 ? "Fewer than two vendors rotated refresh tokens"
            : vendors[false].Count() < 3 ? "Fewer than three vendors took client credentials"
            : null;
    }

    public void Add(Figures other)
    {
        foreach (var (vendor, tokens) in other.Grants)
        {
            Granted(vendor, tokens);
        }

        Seeds += other.Seeds;
        SimulatedHours += other.SimulatedHours;
        Events += other.Events;
        Faults += other.Faults;
        Storms += other.Storms;
        Violations += other.Violations;
        Renewals += other.Renewals;
        VendorCalls += other.VendorCalls;
        VaultCalls += other.VaultCalls;
        HandOuts += other.HandOuts;
        Refusals += other.Refusals;
        Kills += other.Kills;
        Restarts += other.Restarts;
        Enrolments += other.Enrolments;
        SignOuts += other.SignOuts;
        ClockSteps += other.ClockSteps;
        EndedByClock += other.EndedByClock;
        LateByBackOff += other.LateByBackOff;
        MostRefusedSignIns = Math.Max(MostRefusedSignIns, other.MostRefusedSignIns);
        MostRefusedSignInsWithoutStorage = Math.Max(
            MostRefusedSignInsWithoutStorage,
            other.MostRefusedSignInsWithoutStorage
        );
        LongestWithoutTokenSeconds = Math.Max(LongestWithoutTokenSeconds, other.LongestWithoutTokenSeconds);
    }
}
