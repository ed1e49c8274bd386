namespace BackupFunctions.Web.Access;

/// <summary>What a call needs, and the app roles that grant it; infra/app-roles.json lists them.</summary>
public sealed class Permission
{
    private const string ManageRole = "Connections.Manage";
    private const string ReadPrefix = "Token.Read.";
    private const string CallPrefix = "Call.";
    private const string CallReadPrefix = "Call.Read.";

    private readonly string[] _roles;
    private readonly string[] _prefixes;
    private readonly (string Vendor, string Connection) _connection;

    private Permission(string[] roles, string[] prefixes, (string Vendor, string Connection) connection = default)
    {
        _roles = roles;
        _prefixes = prefixes;
        _connection = connection;
    }

    /// <summary>To refresh, enrol, sign out and check connections.</summary>
    public static Permission Manage { get; } = new([ManageRole], []);

    /// <summary>To read the state and the names of connections; the managers' role includes it.</summary>
    public static Permission ReadConnections { get; } = new(["Connections.Read", ManageRole], []);

    /// <summary>The roles that grant it, in words.</summary>
    public string Roles => string.Join(" or ", [.. _roles, .. _prefixes.SelectMany(RolesOf)]);

    private static string[] AllTokens { get; } = [$"{ReadPrefix}All"];

    private static string[] OfTokens { get; } = [ReadPrefix];

    private static string[] OfCalls { get; } = [CallPrefix];

    private static string[] OfReadingCalls { get; } = [CallPrefix, CallReadPrefix];

    private static string[] AllCalls { get; } = [$"{CallPrefix}All"];

    private static string[] AllReadingCalls { get; } = [$"{CallPrefix}All", $"{CallReadPrefix}All"];

    /// <summary>To get a connection's tokens.</summary>
    public static Permission ReadToken(string vendor, string connection) =>
        new(AllTokens, OfTokens, (vendor, connection));

    /// <summary>To call the vendor's API.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="isRead">Whether the method only reads.</param>
    public static Permission Call(string vendor, string connection, bool isRead) =>
        isRead
            ? new(AllReadingCalls, OfReadingCalls, (vendor, connection))
            : new(AllCalls, OfCalls, (vendor, connection));

    /// <summary>Whether one of the caller's roles grants it. Only vendor and connection names ignore case.</summary>
    public bool IsGrantedTo(Caller caller) => caller.Roles.Any(IsGrantedBy);

    private bool IsGrantedBy(string role)
    {
        if (_roles.Contains(role))
        {
            return true;
        }

        return _prefixes.Any(prefix =>
            role.StartsWith(prefix, StringComparison.Ordinal)
            && RolesOf(prefix).Contains(role, StringComparer.OrdinalIgnoreCase)
        );
    }

    /// <summary>The roles for the vendor and the connection. Built on demand: most calls do not need them.</summary>
    private string[] RolesOf(string prefix) =>
        [$"{prefix}{_connection.Vendor}", $"{prefix}{_connection.Vendor}.{_connection.Connection}"];
}
