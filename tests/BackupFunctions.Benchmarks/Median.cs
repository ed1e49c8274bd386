namespace BackupFunctions.Benchmarks;

/// <summary>The middle one of several measurements: what a busy moment of the machine spoils is left out.</summary>
internal static class Median
{
    public static double Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
