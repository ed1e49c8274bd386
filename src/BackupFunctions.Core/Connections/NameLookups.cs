using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Connections;

/// <summary>
/// Looks for connections by their names. Callers choose the names, so a name is looked for once in a while, whoever
/// asks, and all of them together only so often. Thread-safe.
/// </summary>
internal sealed class NameLookups(IConnectionSource source, TimeProvider time)
{
    /// <summary>How long a name that was not found is not looked for again.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    /// <summary>How many names are looked for within <see cref="Window"/>.</summary>
    public const int MostPerWindow = 20;

    /// <summary>The time in which they are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<ConnectionKey, Lookup> _recent = [];

    /// <summary>Looks for a connection, or joins another caller who does.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="looking">Whether something is there.</param>
    /// <returns>False if there were too many look-ups.</returns>
    public bool TryLook(ConnectionKey key, [NotNullWhen(true)] out Task<bool>? looking)
    {
        lock (_lock)
        {
            if (_recent.TryGetValue(key, out var recent) && (!recent.Found.IsCompleted || AgeOf(recent) < FreshFor))
            {
                looking = recent.Found;
                return true;
            }

            foreach (var (old, lookup) in _recent)
            {
                if (AgeOf(lookup) >= Window)
                {
                    _recent.Remove(old);
                }
            }

            if (_recent.Count >= MostPerWindow && !_recent.ContainsKey(key))
            {
                looking = null;
                return false;
            }

            looking = Task.Run(() => source.LookAsync(key, CancellationToken.None));
            _recent[key] = new Lookup(looking, time.GetTimestamp());
            return true;
        }
    }

    private TimeSpan AgeOf(Lookup lookup) => time.GetElapsedTime(lookup.At);

    /// <summary>By timestamps: a clock that is set back must not make a look-up fresh for longer.</summary>
    private sealed record Lookup(Task<bool> Found, long At);
}
