namespace BackupFunctions.Check;

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
