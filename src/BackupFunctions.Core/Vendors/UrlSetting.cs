namespace BackupFunctions.Vendors;

/// <summary>A setting that holds a URL.</summary>
/// <param name="Name">The setting's name, for example <c>DataCenterUrl</c>.</param>
/// <param name="Description">What to put there, as findings say it: a noun phrase with an example.</param>
public sealed record UrlSetting(string Name, string Description)
{
    /// <summary>The URL if the setting is missing; null if there is none.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// The URL with values in braces, which then takes the place of the setting; null if connections set the URL.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>Whether the setting may be missing although there is no default.</summary>
    public bool IsOptional { get; init; }
}
