namespace BackupFunctions.Web.Access;

/// <summary>Who sent a request, as far as the platform can tell.</summary>
/// <param name="Kind">
/// <c>principal</c> (Entra ID), <c>key</c> (a function key), <c>local</c> (LocalHost) or <c>anonymous</c>.
/// </param>
public sealed record Caller(string Kind)
{
    /// <summary>A caller with a function key: the platform checks it, but does not say which one it was.</summary>
    public static Caller Key { get; } = new("key");

    /// <summary>A caller who shows nothing, where there are no function keys. It is always refused.</summary>
    public static Caller Anonymous { get; } = new("anonymous");

    /// <summary>The person at the machine that LocalHost runs on.</summary>
    public static Caller Local { get; } = new("local");

    /// <summary>The object id of a principal; null if it has none.</summary>
    public string? Id { get; init; }

    /// <summary>The name of a user; null for an application.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the application that requested the principal's token; null if unknown.</summary>
    public string? Application { get; init; }

    /// <summary>The app roles of a principal.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What people know the caller by: a name, or an id for want of one; null if there is neither.</summary>
    public string? ShortName => Name ?? Application ?? Id;

    /// <summary>
    /// The caller in words, for logs; for example <c>ann@contoso.com (object 0f3c, application 77aa)</c>.
    /// </summary>
    public override string ToString()
    {
        if (Kind == Local.Kind)
        {
            return "a local caller";
        }

        if (Kind == Key.Kind)
        {
            return "a caller with a function key";
        }

        if (Kind == Anonymous.Kind)
        {
            return "an anonymous caller";
        }

        var ids = new List<string>();
        if (Id is not null)
        {
            ids.Add($"object {Id}");
        }

        if (Application is not null)
        {
            ids.Add($"application {Application}");
        }

        var name = Name ?? "a principal without a name";
        return ids.Count == 0 ? name : $"{name} ({string.Join(", ", ids)})";
    }
}
