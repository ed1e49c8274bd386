namespace BackupFunctions.KeyVault;

/// <summary>Who goes first where the vault's limit makes calls wait; the lowest number does.</summary>
internal enum Urgency
{
    /// <summary>A refresh token that works once: whoever loses it must sign in afresh, or a person must enrol again.</summary>
    RefreshToken,

    /// <summary>Somebody waits for the answer.</summary>
    Caller,

    /// <summary>Nobody waits: a sweep, or a reading of all connections.</summary>
    Background,
}
