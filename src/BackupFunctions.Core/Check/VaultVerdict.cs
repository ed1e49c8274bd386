namespace BackupFunctions.Check;

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
