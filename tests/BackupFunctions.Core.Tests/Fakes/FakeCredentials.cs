using System.Collections.Concurrent;
using BackupFunctions.Credentials;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Fakes;

/// <summary>A credential vault behind a cache that only <c>newest</c> bypasses.</summary>
internal sealed class FakeCredentials : ICredentialSource
{
    private readonly ConcurrentDictionary<CredentialName, string> _cached = new();
    private int _vaultReads;

    /// <summary>The version of every secret in the vault; null if they are absent.</summary>
    public string? Version { get; set; } = "v1";

    /// <summary>The older version of a certificate that is still valid; null if there is none.</summary>
    public string? OlderVersion { get; set; }

    /// <summary>When the credentials expire; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>The failure of every call; null while the vault works.</summary>
    public FailureKind? Outage { get; set; }

    /// <summary>The number of reads from the vault rather than the cache.</summary>
    public int VaultReads => Volatile.Read(ref _vaultReads);

    public ValueTask<Credential?> FindAsync(CredentialName name, bool newest, CancellationToken cancellationToken)
    {
        if (newest || !_cached.TryGetValue(name, out var version))
        {
            Interlocked.Increment(ref _vaultReads);
            version = Outage is { } kind
                ? throw new TokenException(kind, "The fake vault is told to fail.")
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
