using BackupFunctions.Settings;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Check;

/// <summary>The settings: what would stop a start is a finding each, with its full key and what would be right.</summary>
internal sealed class SettingsCheck(IOptions<BackupFunctionsOptions> options)
{
    public const string Subject = "settings";

    public bool AreGood => options.Value.Findings.Count == 0;

    public CheckStep Step =>
        new(
            CheckGroup.Settings,
            Subject,
            new Finding(FindingType.CheckBroke, Subject, "The settings were not read in time."),
            _ => Task.FromResult(Find())
        );

    private IReadOnlyList<Finding> Find() =>
        AreGood
            ? [new Finding(FindingType.SettingsGood, Subject, "Every setting is known, and of its form.")]
            : [.. options.Value.Findings.Select(OfText)];

    /// <summary>A finding of the settings' reader, which begins with the key.</summary>
    public static Finding OfText(string text)
    {
        var (sentence, right) = Finding.Part(text);
        return new Finding(
            FindingType.SettingRefused,
            text.Split(' ', 2)[0],
            sentence,
            right is null ? null : new Remedy(right)
        );
    }
}
