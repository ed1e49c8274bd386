namespace BackupFunctions.Web.Api;

/// <summary>One parameter of a query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What people see beside a field for it.</param>
/// <param name="Description">What it means, and what it takes.</param>
public sealed record OperationParameter(string Name, string Title, string Description)
{
    /// <summary>The type: string, boolean or integer.</summary>
    public Type Type { get; init; } = typeof(string);

    /// <summary>What it is if it is not given; null for nothing.</summary>
    public object? Default { get; init; }

    /// <summary>The smallest and the largest number that is taken.</summary>
    public (int Smallest, int Largest)? Range { get; init; }

    /// <summary>A regular expression that the text matches.</summary>
    public string? Pattern { get; init; }

    /// <summary>A format that the document names, for example <c>uuid</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Whether it takes a vendor's name.</summary>
    public bool IsVendor { get; init; }
}
