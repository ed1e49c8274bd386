namespace BackupFunctions.Tokens;

/// <summary>A sweep in which connections failed: the run ends as failed, and the message names them.</summary>
public sealed class RefreshSweepException(SweepReport report) : Exception(Describe(report))
{
    /// <summary>What the sweep did.</summary>
    public SweepReport Report { get; } = report;

    private static string Describe(SweepReport report) =>
        $"{report.Failed.Count} of {report.Vendor}'s connections could not be renewed: "
        + string.Join("; ", report.Failed.Select(failure => $"{failure.Connection}: {failure.Failure.Kind}: {failure.Failure.Detail}"));
}
