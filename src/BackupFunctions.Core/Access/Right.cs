namespace BackupFunctions.Access;

/// <summary>What a call needs, and the app roles that grant it: infra/app-roles.json has them all.</summary>
public sealed class Right
{
    private const string ReadPrefix = "Token.Read.";

    private readonly string _exact;
    private readonly string[] _named;

    private Right(string exact, params string[] named)
    {
        _exact = exact;
        _named = named;
    }

    /// <summary>To refresh, enrol, revoke and check connections.</summary>
    public static Right Manage { get; } = new("Connections.Manage");

    /// <summary>To see the state and the names of connections. Who manages them may.</summary>
    public static Right ReadConnections { get; } = new("Connections.Read") { IsOfManagers = true };

    /// <summary>The roles that grant it, in words.</summary>
    public string Roles => string.Join(" or ", [_exact, .. _named, .. IsOfManagers ? [Manage._exact] : Array.Empty<string>()]);

    private bool IsOfManagers { get; init; }

    /// <summary>To get a connection's tokens.</summary>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route.</param>
    public static Right ReadToken(string vendor, string connection) =>
        new($"{ReadPrefix}All", $"{ReadPrefix}{vendor}", $"{ReadPrefix}{vendor}.{connection}");

    /// <summary>Whether one of the caller's roles grants it. Roles are compared exactly; the names in them without case, as names are.</summary>
    /// <param name="caller">Who asks.</param>
    public bool IsGrantedTo(Caller caller) => caller.Roles.Any(role =>
        role == _exact
        || (role.StartsWith(ReadPrefix, StringComparison.Ordinal) && _named.Contains(role, StringComparer.OrdinalIgnoreCase))
        || (IsOfManagers && Manage.IsGrantedTo(caller)));
}
