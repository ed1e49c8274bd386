namespace BackupFunctions.Web.Api;

/// <summary>A query parameter, as the OpenAPI document describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
public sealed record OperationParameter(string Name, string Description)
{
    /// <summary>The type that its text is parsed as.</summary>
    public Type Type { get; init; } = typeof(string);

    /// <summary>Its value when the query leaves it out; null for none.</summary>
    public object? Default { get; init; }

    /// <summary>The smallest and the largest number allowed.</summary>
    public (int Smallest, int Largest)? Range { get; init; }

    /// <summary>A regular expression that the text matches.</summary>
    public string? Pattern { get; init; }
}
