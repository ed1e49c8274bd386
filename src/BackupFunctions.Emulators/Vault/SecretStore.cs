using System.Collections.Concurrent;

namespace BackupFunctions.Emulators;

/// <summary>
/// The contents of a vault, for tests to read and to change behind the client's back. Operations here do not count as
/// reads or writes, never meet a fault and need no permission.
/// </summary>
public sealed partial class SecretStore
{
    private readonly Lock _gate = new();
    private readonly Func<DateTimeOffset> _now;
    private readonly Randomness _randomness;
    private readonly Dictionary<string, StoredSecret> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, int> _reads = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, int> _writes = new(StringComparer.OrdinalIgnoreCase);

    internal SecretStore(Func<DateTimeOffset> now, Randomness randomness) => (_now, _randomness) = (now, randomness);

    /// <summary>
    /// How many reads of a secret, a version or its versions reached the vault, including refused ones.
    /// </summary>
    public int Reads => _reads.Values.Sum();

    /// <summary>
    /// How many sets, updates, deletions, recoveries and purges reached the vault, including refused ones.
    /// </summary>
    public int Writes => _writes.Values.Sum();

    /// <summary>The names of the secrets that are not deleted.</summary>
    public IReadOnlyList<string> Names => [.. All().Select(static secret => secret.Name)];

    internal int DeletePolls { get; set; }

    internal int RecoverPolls { get; set; }

    /// <summary>The reads of one secret.</summary>
    public int ReadsOf(string name) => _reads.GetValueOrDefault(name);

    /// <summary>The writes to one secret.</summary>
    public int WritesOf(string name) => _writes.GetValueOrDefault(name);

    /// <summary>Writes a new version, which becomes the current one.</summary>
    /// <exception cref="VaultRefusalException">The name is invalid, or deleted but not purged, or the value is too
    /// long.</exception>
    public SecretVersion Set(
        string name,
        string value,
        string? contentType = null,
        DateTimeOffset? exp = null,
        DateTimeOffset? nbf = null,
        IReadOnlyDictionary<string, string>? tags = null
    ) =>
        Set(
            name,
            new SecretChange
            {
                Value = value,
                ContentType = contentType,
                ExpiresOn = exp,
                NotBefore = nbf,
                Tags = tags,
            }
        );

    /// <summary>Writes the secrets of the emulated vendors.</summary>
    public void Seed(IEnumerable<EmulatedSecret> secrets)
    {
        foreach (var secret in secrets)
            Set(secret.Name, secret.Value, secret.ContentType, secret.ExpiresOn, secret.NotBefore);
    }

    /// <summary>The current version, disabled or not; null if the secret is absent or deleted.</summary>
    public SecretVersion? Get(string name)
    {
        lock (_gate)
            return Present(name)?.Current;
    }

    /// <summary>All versions, oldest first; none if the secret is absent or deleted.</summary>
    public IReadOnlyList<SecretVersion> Versions(string name)
    {
        lock (_gate)
            return [.. Present(name)?.Versions ?? []];
    }

    /// <summary>Disables the current version or the given one.</summary>
    public void Disable(string name, string? version = null) =>
        Update(name, version, new SecretChange { Enabled = false });

    /// <summary>Enables the current version or the given one.</summary>
    public void Enable(string name, string? version = null) =>
        Update(name, version, new SecretChange { Enabled = true });

    /// <summary>Soft-deletes a secret.</summary>
    public void Delete(string name) => DeleteNow(name);

    /// <summary>Removes a secret with all its versions, as if it had never been there.</summary>
    public void Remove(string name)
    {
        lock (_gate)
            _secrets.Remove(name);
    }

    /// <summary>Whether a secret is deleted and neither recovered nor purged.</summary>
    public bool IsDeleted(string name)
    {
        lock (_gate)
            return _secrets.TryGetValue(name, out var secret) && secret.DeletedAt is not null;
    }

    /// <summary>Removes a deleted secret for good.</summary>
    public void Purge(string name)
    {
        lock (_gate)
        {
            if (Deleted(name).IsStillChanging())
                throw VaultRefusal.BeingDeleted(name);

            _secrets.Remove(name);
        }
    }

    internal void CountRead(string name) => _reads.AddOrUpdate(name, 1, static (_, count) => count + 1);

    internal void CountWrite(string name) => _writes.AddOrUpdate(name, 1, static (_, count) => count + 1);

    private static string Id(string name, string? version) => version is null ? name : $"{name}/{version}";

    private static SecretVersion Find(StoredSecret secret, string name, string? version) =>
        version is null
            ? secret.Current
            : secret.Versions.Find(found => found.Version == version) ?? throw VaultRefusal.NotFound(Id(name, version));

    private static void RequireSettled(string name, StoredSecret secret)
    {
        var changing = secret.IsStillChanging();
        if (secret.DeletedAt is not null)
            throw changing ? VaultRefusal.BeingDeleted(name) : VaultRefusal.DeletedButRecoverable(name);
        if (changing)
            throw VaultRefusal.BeingRecovered(name);
    }

    private StoredSecret? Present(string name) =>
        _secrets.GetValueOrDefault(name) is { DeletedAt: null } secret ? secret : null;

    private StoredSecret Deleted(string name) =>
        _secrets.GetValueOrDefault(name) is { DeletedAt: not null } secret
            ? secret
            : throw VaultRefusal.DeletedNotFound(name);
}
