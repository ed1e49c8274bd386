using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>Something wrong with a setting. Never carries a secret.</summary>
/// <param name="Key">The full key of the setting, or the place in a secret that defines a connection.</param>
/// <param name="Problem">What is wrong with it, as the rest of a sentence that begins with the key.</param>
/// <param name="Remedy">What would be right, in whole sentences; null if the problem says it.</param>
public sealed record SettingFinding(string Key, string Problem, string? Remedy = null)
{
    /// <summary>
    /// Whether nothing is wrong but that this version does not know the setting: a newer one may, or it is misspelt.
    /// </summary>
    public bool IsUnknown { get; init; }

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

    /// <summary>Adds a finding about a setting that this version does not know.</summary>
    public static void AddUnknown(
        this ICollection<SettingFinding> findings,
        string key,
        string problem,
        string? remedy = null
    ) => findings.Add(new SettingFinding(key, problem, remedy) { IsUnknown = true });

    /// <summary>Reads a setting that is true or false.</summary>
    /// <param name="findings">Receives what is wrong.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="key">The full key.</param>
    /// <param name="byDefault">What it is if it is not set.</param>
    /// <returns>Null if it is neither.</returns>
    public static bool? Switch(
        this ICollection<SettingFinding> findings,
        IConfiguration configuration,
        string key,
        bool byDefault
    )
    {
        var text = configuration[key]?.Trim() ?? "";
        if (text.Length == 0)
        {
            return byDefault;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        findings.Add(key, "is neither true nor false.", "Give one of the two.");
        return null;
    }

    /// <summary>Several findings in whole sentences: what else is wrong follows the first one's remedy.</summary>
    public static (string Problem, string? Remedy) InWords(IReadOnlyList<SettingFinding> findings)
    {
        var rest = string.Join(' ', findings.Skip(1).Select(finding => finding.ToString()).Prepend(findings[0].Remedy))
            .Trim();
        return (findings[0].Sentence, rest.Length == 0 ? null : rest);
    }
}
