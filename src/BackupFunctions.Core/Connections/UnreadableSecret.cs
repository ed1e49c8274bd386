namespace BackupFunctions.Connections;

/// <summary>A secret that should define a connection but does not.</summary>
/// <param name="Secret">Its name.</param>
/// <param name="Problem">What is wrong with it, in whole sentences.</param>
/// <param name="Remedy">How to fix it, in whole sentences; null if nothing more is known.</param>
public sealed record UnreadableSecret(string Secret, string Problem, string? Remedy = null)
{
    /// <summary>The problem and the remedy.</summary>
    public string Detail => Remedy is null ? Problem : $"{Problem} {Remedy}";
}
