using BackupFunctions.State;

namespace BackupFunctions.Simulation;

/// <summary>Long calm stretches, and storms in between in which things go wrong together.</summary>
internal sealed class Weather(World world)
{
    /// <summary>How long after a storm, or a token that was rejected, something may be there to be seen.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(2);

    private Storm? _storm;
    private DateTimeOffset _lookUntil;
    private bool _isLooking;

    public bool IsStormy => _storm is not null;

    /// <summary>When the last storm ended; the start of everything before the first.</summary>
    public DateTimeOffset CalmSince { get; private set; } = World.Start;

    /// <summary>How many storms have begun.</summary>
    public int Storms { get; private set; }

    /// <summary>How probably an instance dies right after a vendor granted something.</summary>
    public double DeathAfterGrant => _storm?.DeathAfterGrant ?? 0;

    public void Begin() =>
        world.In(world.Chance.Between(TimeSpan.FromHours(1), TimeSpan.FromHours(4)), null, BeginStorm);

    /// <summary>The instances look through the ledger from now on; left out in calm times, when there is nothing to see, to be quick.</summary>
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
