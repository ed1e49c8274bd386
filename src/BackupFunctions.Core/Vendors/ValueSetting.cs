namespace BackupFunctions.Vendors;

/// <summary>
/// A setting whose value a profile puts into paths and headers, where it stands in braces: <c>{ApiVersion}</c>.
/// </summary>
/// <param name="Name">The setting's name, for example <c>ApiVersion</c>.</param>
/// <param name="Description">What to put there, as findings say it: a noun phrase with an example.</param>
public sealed record ValueSetting(string Name, string Description)
{
    /// <summary>The value if the setting is missing; null if the setting is required.</summary>
    public string? Default { get; init; }
}
