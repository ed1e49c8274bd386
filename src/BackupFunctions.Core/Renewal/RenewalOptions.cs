namespace BackupFunctions.Renewal;

/// <summary>What a host may do with the connections it knows.</summary>
public sealed class RenewalOptions
{
    /// <summary>
    /// Whether this host may spend refresh tokens that work once. False where another deployment may own them: then
    /// such a connection's token is only read from the vault.
    /// </summary>
    public bool MaySpendRefreshTokens { get; set; } = true;
}
