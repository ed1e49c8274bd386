namespace BackupFunctions.Check;

/// <summary>The vaults of the settings: one, or two.</summary>
/// <param name="Credentials">The vault with credentials and refresh tokens.</param>
/// <param name="Tokens">The vault with access tokens; the same object if it is the same vault.</param>
/// <param name="AreEmbedded">Whether they live in this process and take their secrets from its settings.</param>
internal sealed record VaultAccesses(IVaultAccess Credentials, IVaultAccess Tokens, bool AreEmbedded);
