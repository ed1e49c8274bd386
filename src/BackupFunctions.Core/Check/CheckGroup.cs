namespace BackupFunctions.Check;

/// <summary>What findings are grouped by, in the order in which they are shown.</summary>
public enum CheckGroup
{
    /// <summary>The settings.</summary>
    Settings,

    /// <summary>Whether the vaults may be used.</summary>
    Vaults,

    /// <summary>The storage of locks and ledger.</summary>
    Storage,

    /// <summary>Which connections there are.</summary>
    Connections,

    /// <summary>Secrets and certificates in the vault.</summary>
    Credentials,

    /// <summary>The vendors' sign-in servers.</summary>
    Servers,

    /// <summary>Real sign-ins.</summary>
    SignIns,
}
