namespace BackupFunctions.Sweeps;

/// <summary>A sweep in which connections failed: the run ends as failed, and the message names them.</summary>
public sealed class RefreshSweepException(params IReadOnlyList<SweepReport> reports)
    : Exception(string.Join(" ", reports.Select(Describe)))
{
    /// <summary>What the sweeps of the run did, without those in which nothing failed.</summary>
    public IReadOnlyList<SweepReport> Reports { get; } = reports;

    /// <summary>How many are described in full: a message of megabytes helps nobody.</summary>
    private const int MostDetails = 20;

    private static string Describe(SweepReport report)
    {
        var details = report
            .Failed.Take(MostDetails)
            .Select(failure => $"{failure.Connection}: {failure.Failure.Kind}: {failure.Failure.Detail}");
        var names = report.Failed.Skip(MostDetails).Select(failure => failure.Connection.Connection);
        return $"{report.Failed.Count} of {report.Vendor}'s connections could not be renewed: "
            + string.Join("; ", details)
            + (report.Failed.Count > MostDetails ? $"; and {string.Join(", ", names)}." : ".");
    }
}
