namespace BackupFunctions.Simulation;

/// <summary>The instances of the service: one to three, each replaced when it is killed or stopped.</summary>
internal sealed class Deployment
{
    private readonly World _world;
    private readonly Instance[] _instances;
    private readonly TimeSpan[] _clocks;
    private int _started;

    public Deployment(World world)
    {
        _world = world;
        _instances = new Instance[1 + world.Chance.Below(3)];
        _clocks = new TimeSpan[_instances.Length];
        for (var slot = 0; slot < _instances.Length; slot++)
        {
            _instances[slot] = Create(slot);
        }
    }

    public IReadOnlyList<Instance> All => _instances;

    /// <summary>Those that get calls.</summary>
    public IEnumerable<Instance> Ready =>
        _instances.Where(static instance => instance is { IsAlive: true, IsDraining: false });

    /// <summary>One that gets calls; null if there is none at the moment.</summary>
    public Instance? Any()
    {
        var ready = Ready.ToList();
        return ready.Count == 0 ? null : ready[_world.Chance.Below(ready.Count)];
    }

    public void Kill(Instance instance, string why)
    {
        if (!instance.IsAlive)
        {
            return;
        }

        _world.Figures.Kills++;
        _world.Note($"{instance.Name} killed: {why}");
        _world.Checks.Died(instance);
        Replace(instance);
    }

    /// <summary>
    /// Stops one as a host does: it gets no more calls, and some seconds to finish what it has begun.
    /// </summary>
    public void Stop(Instance instance)
    {
        if (instance is not { IsAlive: true, IsDraining: false })
        {
            return;
        }

        _world.Figures.Restarts++;
        _world.Note($"{instance.Name} stops");
        instance.IsDraining = true;
        instance.Run(async () =>
        {
            await instance.DrainAsync();
            End();
        });
        _world.In(TimeSpan.FromSeconds(30), instance, End);

        void End()
        {
            if (instance.IsAlive)
            {
                _world.Note($"{instance.Name} stopped");
                _world.Checks.Died(instance);
                Replace(instance);
            }
        }
    }

    private void Replace(Instance instance)
    {
        instance.Kill();
        var slot = Array.IndexOf(_instances, instance);
        _world.In(_world.Chance.Seconds(1, 40), null, () =>
        {
            _instances[slot] = Create(slot);
            _world.Note($"{_instances[slot].Name} started");
        });
    }

    /// <summary>Sets an instance's system clock, and that of all that are started in its place.</summary>
    public void SetClock(Instance instance, TimeSpan ahead)
    {
        _world.Note($"the clock of {instance.Name} is set to {ahead.TotalSeconds:F0} s ahead");
        instance.System.Ahead = ahead;
        _clocks[Array.IndexOf(_instances, instance)] = ahead;
        _world.Checks.ClockWasSet();
    }

    private Instance Create(int slot) => new(_world, $"i{slot}.{_started++}", _clocks[slot]);
}
