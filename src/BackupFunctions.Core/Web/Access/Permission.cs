namespace BackupFunctions.Web.Access;

/// <summary>What a call needs, and the app roles that grant it: infra/app-roles.json has them all.</summary>
public sealed class Permission
{
    private const string ReadPrefix = "Token.Read.";

    private readonly string _exact;
    private readonly (string Vendor, string Connection)? _token;

    private Permission(string exact, (string Vendor, string Connection)? token = null)
    {
        _exact = exact;
        _token = token;
    }

    /// <summary>To refresh, enrol, revoke and check connections.</summary>
    public static Permission Manage { get; } = new("Connections.Manage");

    /// <summary>To see the state and the names of connections. Who manages them may.</summary>
    public static Permission ReadConnections { get; } = new("Connections.Read") { IsOfManagers = true };

    /// <summary>The roles that grant it, in words.</summary>
    public string Roles =>
        string.Join(" or ", [_exact, .. Named, .. IsOfManagers ? [Manage._exact] : Array.Empty<string>()]);

    private bool IsOfManagers { get; init; }

    /// <summary>The roles that name a vendor or a connection. Made where roles are looked at, which is not at every call.</summary>
    private string[] Named =>
        _token is var (vendor, connection) ? [$"{ReadPrefix}{vendor}", $"{ReadPrefix}{vendor}.{connection}"] : [];

    /// <summary>To get a connection's tokens.</summary>
    /// <param name="vendor">The vendor's name, from the route.</param>
    /// <param name="connection">The connection's name, from the route.</param>
    public static Permission ReadToken(string vendor, string connection) =>
        new($"{ReadPrefix}All", (vendor, connection));

    /// <summary>Whether one of the caller's roles grants it. Roles are compared exactly; the names in them without case, as names are.</summary>
    /// <param name="caller">Who asks.</param>
    public bool IsGrantedTo(Caller caller) =>
        caller.Roles.Any(role =>
            role == _exact
            || (
                role.StartsWith(ReadPrefix, StringComparison.Ordinal)
                && Named.Contains(role, StringComparer.OrdinalIgnoreCase)
            )
            || (IsOfManagers && Manage.IsGrantedTo(caller))
        );
}
