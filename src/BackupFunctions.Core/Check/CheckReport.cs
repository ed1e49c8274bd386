using static BackupFunctions.Check.FindingType;

namespace BackupFunctions.Check;

/// <summary>The findings of a check, always in the same order.</summary>
/// <param name="CheckedAt">When the check began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Groups">The groups that have findings.</param>
public sealed record CheckReport(
    DateTimeOffset CheckedAt,
    TimeSpan Took,
    IReadOnlyList<(CheckGroup Group, IReadOnlyList<Finding> Findings)> Groups
)
{
    /// <summary>All findings.</summary>
    public IEnumerable<Finding> Findings => Groups.SelectMany(group => group.Findings);

    /// <summary>The groups that have warnings or errors, with these alone.</summary>
    public IReadOnlyList<(CheckGroup Group, IReadOnlyList<Finding> Findings)> Problems =>
        [
            .. Groups
                .Select(group => (group.Group, Findings: (IReadOnlyList<Finding>)[.. group.Findings.Where(IsProblem)]))
                .Where(group => group.Findings.Count > 0),
        ];

    /// <summary>
    /// The warnings and errors by what is to be done: those of one kind with one remedy are one cause. The worst come
    /// first, then those of most subjects.
    /// </summary>
    public IReadOnlyList<CheckCause> Causes =>
        [
            .. Findings
                .Where(IsProblem)
                .GroupBy(finding => (finding.Type, finding.Remedy))
                .Select(cause => new CheckCause(cause.Key.Type, cause.Key.Remedy, [.. cause]))
                .OrderByDescending(cause => cause.Type.Level)
                .ThenByDescending(cause => cause.Findings.Count),
        ];

    /// <summary>The worst level found; <see cref="FindingLevel.Ok"/> without findings.</summary>
    public FindingLevel Worst => Findings.Select(finding => finding.Type.Level).DefaultIfEmpty().Max();

    /// <summary>0 if all is well, 1 with warnings, 2 with errors. Skipped checks do not count.</summary>
    public int ExitStatus =>
        Worst switch
        {
            FindingLevel.Error => 2,
            FindingLevel.Warning => 1,
            _ => 0,
        };

    /// <summary>The number of findings of a level.</summary>
    public int Count(FindingLevel level) => Findings.Count(finding => finding.Type.Level == level);

    private static bool IsProblem(Finding finding) => finding.Type.Level >= FindingLevel.Warning;

    /// <summary>The report of a check that could not load the settings at all.</summary>
    /// <param name="subject">What could not be loaded.</param>
    /// <param name="problems">What is wrong with it, in whole sentences.</param>
    /// <param name="checkedAt">When the check began.</param>
    public static CheckReport OfRefusedStart(string subject, IEnumerable<string> problems, DateTimeOffset checkedAt)
    {
        var findings = problems.Select(problem => new Finding(SettingRefused, subject, problem));
        return new CheckReport(checkedAt, TimeSpan.Zero, [(CheckGroup.Settings, [.. findings])]);
    }
}

/// <summary>Problems that one remedy may solve.</summary>
/// <param name="Type">Their kind.</param>
/// <param name="Remedy">How to fix them; null if their sentences say it.</param>
/// <param name="Findings">The problems.</param>
public sealed record CheckCause(FindingType Type, string? Remedy, IReadOnlyList<Finding> Findings);

/// <summary>The groups of findings, in the order in which they are shown.</summary>
public enum CheckGroup
{
    /// <summary>The settings.</summary>
    Settings,

    /// <summary>Access to the vaults.</summary>
    Vaults,

    /// <summary>The storage of locks and ledger.</summary>
    Storage,

    /// <summary>The connections that are configured.</summary>
    Connections,

    /// <summary>Secrets and certificates in the vault.</summary>
    Credentials,

    /// <summary>The vendors' sign-in servers.</summary>
    Servers,

    /// <summary>Real sign-ins.</summary>
    SignIns,
}
