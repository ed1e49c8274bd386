using BackupFunctions.State;

namespace BackupFunctions.Simulation;

/// <summary>Long calm periods, with storms in between.</summary>
internal sealed class Weather(World world)
{
    /// <summary>How long after a storm or a rejected token the ledger may have news.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(2);

    private Storm? _storm;
    private DateTimeOffset _lookUntil;
    private bool _isLooking;

    public bool IsStormy => _storm is not null;

    /// <summary>When the last storm ended; the start of the simulation before the first.</summary>
    public DateTimeOffset CalmSince { get; private set; } = World.Start;

    /// <summary>The number of storms so far.</summary>
    public int Storms { get; private set; }

    /// <summary>The probability that an instance dies right after a grant.</summary>
    public double DeathAfterGrant => _storm?.DeathAfterGrant ?? 0;

    public void Begin() =>
        world.In(world.Chance.Between(TimeSpan.FromHours(1), TimeSpan.FromHours(4)), null, BeginStorm);

    /// <summary>
    /// The instances poll the ledger from now on; not in calm periods, when nothing changes, to save time.
    /// </summary>
    public void LookSoon()
    {
        _lookUntil = world.Now + Aftermath;
        if (!_isLooking)
        {
            _isLooking = true;
            world.In(world.Chance.Between(TimeSpan.Zero, LedgerPoller.Interval), null, Look);
        }
    }

    private void Look()
    {
        foreach (var instance in world.Instances.Ready)
        {
            instance.Look();
        }

        _isLooking = IsStormy || world.Now < _lookUntil;
        if (_isLooking)
        {
            world.In(LedgerPoller.Interval, null, Look);
        }
    }

    private void BeginStorm()
    {
        Storms++;
        world.Figures.Storms++;
        _storm = new Storm(world);
        world.Checks.HealthChanged();
        _storm.Begin();
        LookSoon();
        world.In(world.Chance.Between(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(150)), null, EndStorm);
    }

    private void EndStorm()
    {
        _storm!.End();
        _storm = null;
        CalmSince = world.Now;
        LookSoon();
        world.Note("storm ends");
        world.Checks.HealthChanged();
        world.Checks.ExpectHealing();
        world.In(world.Chance.Between(TimeSpan.FromHours(3), TimeSpan.FromHours(40)), null, BeginStorm);
    }
}
