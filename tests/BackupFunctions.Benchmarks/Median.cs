namespace BackupFunctions.Benchmarks;

/// <summary>The median: measurements that a busy moment of the machine spoiled do not count.</summary>
internal static class Median
{
    public static double Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
