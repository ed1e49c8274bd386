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
