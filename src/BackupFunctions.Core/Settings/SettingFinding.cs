namespace BackupFunctions.Settings;

/// <summary>Something wrong with a setting. Never carries a secret.</summary>
/// <param name="Key">The full key of the setting, or the place in a secret that defines a connection.</param>
/// <param name="Problem">What is wrong with it, as the rest of a sentence that begins with the key.</param>
/// <param name="Remedy">What would be right, in whole sentences; null if the problem says it.</param>
public sealed record SettingFinding(string Key, string Problem, string? Remedy = null)
{
    /// <summary>The key and the problem as one sentence.</summary>
    public string Sentence => $"{Key} {Problem}";

    /// <summary>The sentence and the remedy.</summary>
    public override string ToString() => Remedy is null ? Sentence : $"{Sentence} {Remedy}";
}

/// <summary>Collects findings.</summary>
internal static class SettingFindings
{
    /// <summary>Adds a finding.</summary>
    public static void Add(
        this ICollection<SettingFinding> findings,
        string key,
        string problem,
        string? remedy = null
    ) => findings.Add(new SettingFinding(key, problem, remedy));
}
