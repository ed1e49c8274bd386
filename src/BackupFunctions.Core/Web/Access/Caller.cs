namespace BackupFunctions.Web.Access;

/// <summary>Who sent a request, as far as it can be known.</summary>
/// <param name="Kind">How they are known: <c>principal</c> of Entra ID, <c>key</c> of a function, <c>local</c> on LocalHost.</param>
public sealed record Caller(string Kind)
{
    /// <summary>Who showed a function key: the platform checks it, and does not say which one it was.</summary>
    public static Caller Key { get; } = new("key");

    /// <summary>Who uses LocalHost, on the machine that it runs on.</summary>
    public static Caller Local { get; } = new("local");

    /// <summary>The object id of a principal; null if it has none.</summary>
    public string? Id { get; init; }

    /// <summary>The name of a user; null for an application.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the application that asked for the principal's token; null if it is not known.</summary>
    public string? Application { get; init; }

    /// <summary>The app roles of a principal.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() =>
        Id is null && Name is null && Application is null ? Kind : $"{Kind} {Id ?? Name ?? Application}";
}
