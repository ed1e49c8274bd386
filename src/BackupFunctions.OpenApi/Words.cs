namespace BackupFunctions.OpenApi;

/// <summary>Names as words for people.</summary>
internal static class Words
{
    /// <summary><c>failures_in_row</c> as <c>Failures in row</c>.</summary>
    public static string OfName(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');
}
