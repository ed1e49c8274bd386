namespace BackupFunctions.Check;

/// <summary>How far a check has come.</summary>
/// <param name="Group">Which group.</param>
/// <param name="Planned">How many steps it has, as far as is known.</param>
/// <param name="Ended">How many of them have ended.</param>
/// <param name="Level">The worst that was found in it so far; null if nothing was.</param>
/// <param name="Running">What is being looked at, in the order of the start.</param>
public sealed record CheckProgress(
    CheckGroup Group,
    int Planned,
    int Ended,
    FindingLevel? Level,
    IReadOnlyList<string> Running
);
