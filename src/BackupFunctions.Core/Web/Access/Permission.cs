namespace BackupFunctions.Web.Access;

/// <summary>What a call needs, and the app roles that grant it; infra/app-roles.json lists them.</summary>
public sealed class Permission
{
    private const string ManageRole = "Connections.Manage";
    private const string ReadPrefix = "Token.Read.";

    private readonly string[] _roles;
    private readonly (string Vendor, string Connection)? _token;

    private Permission(string[] roles, (string Vendor, string Connection)? token = null)
    {
        _roles = roles;
        _token = token;
    }

    /// <summary>To refresh, enrol, sign out and check connections.</summary>
    public static Permission Manage { get; } = new([ManageRole]);

    /// <summary>To read the state and the names of connections; the managers' role includes it.</summary>
    public static Permission ReadConnections { get; } = new(["Connections.Read", ManageRole]);

    /// <summary>The roles that grant it, in words.</summary>
    public string Roles => string.Join(" or ", [.. _roles, .. TokenRoles]);

    /// <summary>The roles for a vendor or a connection. Built on demand: most calls do not need them.</summary>
    private string[] TokenRoles =>
        _token is var (vendor, connection) ? [$"{ReadPrefix}{vendor}", $"{ReadPrefix}{vendor}.{connection}"] : [];

    private static string[] AllTokens { get; } = [$"{ReadPrefix}All"];

    /// <summary>To get a connection's tokens.</summary>
    public static Permission ReadToken(string vendor, string connection) => new(AllTokens, (vendor, connection));

    /// <summary>Whether one of the caller's roles grants it. Only vendor and connection names ignore case.</summary>
    public bool IsGrantedTo(Caller caller) => caller.Roles.Any(IsGrantedBy);

    private bool IsGrantedBy(string role)
    {
        if (_roles.Contains(role))
        {
            return true;
        }

        return role.StartsWith(ReadPrefix, StringComparison.Ordinal)
            && TokenRoles.Contains(role, StringComparer.OrdinalIgnoreCase);
    }
}
