namespace BackupFunctions.Simulation;

/// <summary>How far a sign-out is.</summary>
internal enum SignOutState
{
    /// <summary>Nobody has signed the account out.</summary>
    None,

    /// <summary>An operator has asked for it; whether it is on record only the service knows.</summary>
    Begun,

    /// <summary>The operator was told that it is done.</summary>
    Done,
}
