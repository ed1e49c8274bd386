using System.Collections.Concurrent;

namespace BackupFunctions.Emulators;

/// <summary>The customer tenants that a token can be scoped to.</summary>
public sealed class AcronisTenants
{
    private readonly ConcurrentDictionary<Guid, bool> _tenants = new();

    internal AcronisTenants() => Add(AcronisEmulator.DemoTenant);

    /// <summary>Adds a customer.</summary>
    public void Add(Guid tenant) => _tenants[tenant] = true;

    /// <summary>Removes a customer; tokens already scoped to it keep working.</summary>
    public void Remove(Guid tenant) => _tenants.TryRemove(tenant, out _);

    /// <summary>Whether the customer exists.</summary>
    public bool Contains(Guid tenant) => _tenants.ContainsKey(tenant);
}
