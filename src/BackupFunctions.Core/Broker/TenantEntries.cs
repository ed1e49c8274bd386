using BackupFunctions.Connections;
using Microsoft.Extensions.Caching.Memory;

namespace BackupFunctions.Broker;

/// <summary>
/// What is known of each tenant's token; of more than so many, the least recently used tenth goes. Thread-safe.
/// </summary>
internal sealed class TenantEntries(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryCache _entries = new(new MemoryCacheOptions());

    /// <summary>
    /// By the connection, not by its name: aimed at another server, it must not serve the old server's tokens.
    /// </summary>
    public TenantEntry Of(Connection connection, Guid tenant)
    {
        lock (_lock)
        {
            var key = (connection, tenant);
            if (_entries.TryGetValue(key, out TenantEntry? known) && known is not null)
            {
                return known;
            }

            if (_entries.Count >= capacity)
            {
                _entries.Compact(0.1);
            }

            return _entries.Set(key, new TenantEntry());
        }
    }

    /// <summary>Forgets the tokens that were issued after an instant.</summary>
    public void DropIssuedAfter(DateTimeOffset instant)
    {
        foreach (var key in _entries.Keys)
        {
            _entries.Get<TenantEntry>(key)?.DropIssuedAfter(instant);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();
}
