using System.Collections.Concurrent;

namespace BackupFunctions.Emulators;

/// <summary>The customer tenants that a token can be scoped to.</summary>
public sealed class AcronisTenants
{
    private readonly ConcurrentDictionary<Guid, bool> _tenants = new();

    internal AcronisTenants() => Add(AcronisEmulator.DemoTenant);

    /// <summary>Makes a customer known.</summary>
    public void Add(Guid tenant) => _tenants[tenant] = true;

    /// <summary>Forgets a customer; tokens already scoped to it live on.</summary>
    public void Remove(Guid tenant) => _tenants.TryRemove(tenant, out _);

    /// <summary>Whether the customer is known.</summary>
    public bool Contains(Guid tenant) => _tenants.ContainsKey(tenant);
}
