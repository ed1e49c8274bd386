namespace BackupFunctions.Check;

/// <summary>One of the vaults, as far as a check asks it what it allows.</summary>
internal interface IVaultAccess
{
    /// <summary>Where it is.</summary>
    Uri Address { get; }

    /// <summary>Tries to do something.</summary>
    /// <param name="right">What. <see cref="VaultRight.Set"/> leaves a version of the secret behind.</param>
    /// <param name="secret">The secret that it is tried on; need not exist to be read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<VaultTrial> TryAsync(VaultRight right, string secret, CancellationToken cancellationToken);
}

/// <summary>The vaults of the settings: one, or two.</summary>
/// <param name="Credentials">The vault with credentials and refresh tokens.</param>
/// <param name="Tokens">The vault with access tokens; the same object if it is the same vault.</param>
internal sealed record VaultAccesses(IVaultAccess Credentials, IVaultAccess Tokens);

/// <summary>What may be allowed.</summary>
internal enum VaultRight
{
    /// <summary>To read a secret.</summary>
    Get,

    /// <summary>To list the secrets.</summary>
    List,

    /// <summary>To save a secret.</summary>
    Set,
}

/// <summary>What came of a trial.</summary>
internal enum VaultVerdict
{
    /// <summary>It is allowed.</summary>
    Allowed,

    /// <summary>No role or access policy allows it.</summary>
    Denied,

    /// <summary>The vault does not answer this address, or this network.</summary>
    Firewall,

    /// <summary>Entra ID gave no token for the vault.</summary>
    NoIdentity,

    /// <summary>There was no answer, or none of a vault.</summary>
    Unreachable,
}

/// <summary>What a vault answered.</summary>
/// <param name="Verdict">What came of it.</param>
/// <param name="Detail">The failure in words; null if it is allowed.</param>
internal sealed record VaultTrial(VaultVerdict Verdict, string? Detail = null)
{
    /// <summary>The object id of the identity that was refused, where the vault names it.</summary>
    public Guid? Caller { get; init; }

    /// <summary>The vault's clock beside ours; null without a <c>Date</c>.</summary>
    public ClockReading? Clock { get; init; }
}
