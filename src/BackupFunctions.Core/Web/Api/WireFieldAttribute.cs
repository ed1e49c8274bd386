namespace BackupFunctions.Web.Api;

/// <summary>What the OpenAPI document tells of a property of a reply.</summary>
/// <param name="description">What it means.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WireFieldAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>What a flow's designer calls it; null for a title made from the name.</summary>
    public string? Title { get; init; }

    /// <summary>A format of the document, for example <c>date-time</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The enum whose names, in kebab case, are all that it can be.</summary>
    public Type? Names { get; init; }
}
