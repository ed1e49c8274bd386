namespace BackupFunctions.Renewal;

/// <summary>What came of an attempt to save.</summary>
internal enum SaveResult
{
    /// <summary>The vault has it.</summary>
    Saved,

    /// <summary>The vault did not accept it, or did not answer.</summary>
    Failed,

    /// <summary>The refresh lock was not held any more when a request was to be sent.</summary>
    Prevented,
}
