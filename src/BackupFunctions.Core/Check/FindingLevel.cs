namespace BackupFunctions.Check;

/// <summary>How bad a finding is; the highest one of a report makes its exit status.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not looked at, for a reason that the finding names.</summary>
    Skipped,

    /// <summary>Works now, and will not for long, or not always.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Error,
}
