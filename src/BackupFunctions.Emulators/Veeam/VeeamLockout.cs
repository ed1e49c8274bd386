namespace BackupFunctions.Emulators;

/// <summary>Locks an account after too many refused passwords, as appliances do to slow down guessing.</summary>
public sealed class VeeamLockout
{
    private readonly Lock _gate = new();
    private readonly Func<DateTimeOffset> _now;
    private readonly List<DateTimeOffset> _recent = [];

    internal VeeamLockout(Func<DateTimeOffset> now) => _now = now;

    /// <summary>How many refused passwords lock the account; 0 never does.</summary>
    public int After { get; set; } = 5;

    /// <summary>The time window for these; the lock lasts as long, from the last refused password.</summary>
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many passwords were refused so far.</summary>
    public int RefusedPasswords { get; private set; }

    /// <summary>Whether even the correct password is refused now.</summary>
    public bool IsLocked
    {
        get
        {
            lock (_gate)
                return After > 0 && _recent.Count >= After && _now() < _recent[^1] + Within;
        }
    }

    internal void Refuse()
    {
        lock (_gate)
        {
            var now = _now();
            RefusedPasswords++;
            _recent.RemoveAll(refused => refused <= now - Within);
            _recent.Add(now);
        }
    }

    internal void Forgive()
    {
        lock (_gate)
            _recent.Clear();
    }
}
