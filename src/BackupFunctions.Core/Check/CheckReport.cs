namespace BackupFunctions.Check;

/// <summary>All that was found, in an order that is the same each time.</summary>
/// <param name="CheckedAt">When the check began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Groups">The findings of each group that has any.</param>
public sealed record CheckReport(
    DateTimeOffset CheckedAt,
    TimeSpan Took,
    IReadOnlyList<(CheckGroup Group, IReadOnlyList<Finding> Findings)> Groups
)
{
    /// <summary>All findings.</summary>
    public IEnumerable<Finding> Findings => Groups.SelectMany(group => group.Findings);

    /// <summary>0: all well, 1: warnings, 2: errors. What was left out does not count.</summary>
    public int ExitStatus =>
        Findings.Select(finding => finding.Type.Level).DefaultIfEmpty().Max() switch
        {
            FindingLevel.Error => 2,
            FindingLevel.Warning => 1,
            _ => 0,
        };

    /// <summary>How many findings of a level there are.</summary>
    public int Count(FindingLevel level) => Findings.Count(finding => finding.Type.Level == level);

    /// <summary>The report of a check that could not even read the settings.</summary>
    /// <param name="findings">What is wrong with them: each begins with what it is about.</param>
    /// <param name="checkedAt">When.</param>
    public static CheckReport OfRefusedStart(IEnumerable<string> findings, DateTimeOffset checkedAt) =>
        new(checkedAt, TimeSpan.Zero, [(CheckGroup.Settings, [.. findings.Select(SettingsCheck.OfText)])]);
}
