using System.Collections.Concurrent;
using BackupFunctions.Credentials;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A credential vault with a cache before it that only <c>newest</c> passes by.</summary>
internal sealed class FakeCredentials : ICredentialSource
{
    private readonly ConcurrentDictionary<CredentialName, string> _cached = new();
    private int _vaultReads;

    /// <summary>The version that the vault holds of every secret; null while they are absent.</summary>
    public string? Version { get; set; } = "v1";

    /// <summary>The older version of a certificate that is valid still; null if there is none.</summary>
    public string? OlderVersion { get; set; }

    /// <summary>When what the vault holds ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>What the vault fails with; null while it works.</summary>
    public FailureKind? Outage { get; set; }

    /// <summary>How often the vault was asked rather than the cache.</summary>
    public int VaultReads => Volatile.Read(ref _vaultReads);

    public ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken)
    {
        if (newest || !_cached.TryGetValue(name, out var version))
        {
            Interlocked.Increment(ref _vaultReads);
            version = Outage is { } kind
                ? throw new TokenException(kind, "The fake credential vault says so.")
                : Version ?? throw new TokenException(FailureKind.CredentialMissing, $"There is no {name.Name}.");
            _cached[name] = version;
        }

        return ValueTask.FromResult<Credential?>(Of(name, version));
    }

    public ValueTask<Credential?> FindOlderCertificateAsync(
        CredentialName name,
        Credential refused,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(OlderVersion is { } older && older != refused.Version ? Of(name, older) : null);

    private Credential Of(CredentialName name, string version) =>
        new(version, new SecretText(SuiteLog.Guard($"secret-of-{name.Name}-{version}")), ExpiresAt);
}
