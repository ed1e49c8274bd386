namespace BackupFunctions.Vendors;

/// <summary>A call of a vendor's API.</summary>
/// <param name="Method">The HTTP method, upper case.</param>
/// <param name="Path">The path below the API's URL, without a slash in front; may name values in braces.</param>
public sealed record ApiCall(string Method, string Path)
{
    /// <summary>The JSON to send; null for an empty body.</summary>
    public string? Json { get; init; }
}
