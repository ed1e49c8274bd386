using BackupFunctions.Connections;

namespace BackupFunctions.Simulation;

/// <summary>
/// The storage that the refresh locks lie in: leases of 15 s, which a holder that lives renews and a dead one lets run
/// out.
/// </summary>
internal sealed class LockService(World world)
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    private readonly Dictionary<ConnectionKey, (object Lease, DateTimeOffset Until)> _held = [];
    private readonly Dictionary<ConnectionKey, DateTimeOffset> _disturbed = [];
    private bool _isUp = true;

    public bool IsUp
    {
        get => _isUp;
        set
        {
            _isUp = value;
            DisturbedAt = world.Now;
        }
    }

    /// <summary>When the service last went down or came back.</summary>
    public DateTimeOffset DisturbedAt { get; private set; }

    /// <summary>Whether nothing was wrong with a connection's lock for some time.</summary>
    public bool WasSound(ConnectionKey key, TimeSpan lately) =>
        IsUp && world.Now - DisturbedAt > lately && world.Now - _disturbed.GetValueOrDefault(key) > lately;

    public bool TryTake(ConnectionKey key, object lease)
    {
        if (_held.TryGetValue(key, out var held) && held.Until > world.Now)
        {
            return false;
        }

        _held[key] = (lease, world.Now + Duration);
        return true;
    }

    public bool TryRenew(ConnectionKey key, object lease)
    {
        if (!_held.TryGetValue(key, out var held) || held.Lease != lease)
        {
            return false;
        }

        _held[key] = (lease, world.Now + Duration);
        return true;
    }

    public void Release(ConnectionKey key, object lease)
    {
        if (_held.TryGetValue(key, out var held) && held.Lease == lease)
        {
            _held.Remove(key);
        }
    }

    /// <summary>Takes every lease from its holder, who learns it with the next renewal.</summary>
    public void BreakAll()
    {
        foreach (var key in _held.Keys.OrderBy(static key => key.Vendor, StringComparer.Ordinal).ToList())
        {
            world.Note($"lock of {key} broken");
            Disturbed(key);
            _held.Remove(key);
        }
    }

    public void Disturbed(ConnectionKey key) => _disturbed[key] = world.Now;
}
