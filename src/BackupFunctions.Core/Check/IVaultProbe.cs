namespace BackupFunctions.Check;

/// <summary>Finds out by trying what this host may do in a vault.</summary>
internal interface IVaultProbe
{
    /// <summary>The vault's URI.</summary>
    Uri Address { get; }

    /// <summary>Tries to read a secret, which need not exist.</summary>
    Task<VaultProbeResult> GetAsync(string secret, CancellationToken cancellationToken);

    /// <summary>Tries to list secrets.</summary>
    Task<VaultProbeResult> ListAsync(CancellationToken cancellationToken);

    /// <summary>Tries to save a secret, which leaves a disabled version of it behind.</summary>
    Task<VaultProbeResult> SaveAsync(string secret, CancellationToken cancellationToken);
}

/// <summary>A vault's answer to one attempt.</summary>
/// <param name="Access">Whether it succeeded.</param>
/// <param name="Problem">Why it did not, in whole sentences; null if it did.</param>
internal sealed record VaultProbeResult(VaultAccess Access, string? Problem = null)
{
    /// <summary>The object id of the identity that was refused, where the vault names it.</summary>
    public Guid? Caller { get; init; }

    /// <summary>See <see cref="ServerClock.Difference"/>.</summary>
    public TimeSpan? ClockDifference { get; init; }
}

/// <summary>Whether a vault can be used.</summary>
internal enum VaultAccess
{
    /// <summary>It is allowed.</summary>
    Allowed,

    /// <summary>No role or access policy allows it.</summary>
    Denied,

    /// <summary>The vault's firewall or closed public network blocks this host.</summary>
    Firewall,

    /// <summary>Entra ID issued no token for the vault.</summary>
    NoIdentity,

    /// <summary>There was no answer, or not a vault's.</summary>
    Unreachable,
}
