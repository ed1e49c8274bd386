using BackupFunctions.Connections;

namespace BackupFunctions.LocalHost.Api;

/// <summary>The connections and commands to copy, one line for each vendor however many connections it has.</summary>
internal static class ConnectionLines
{
    private const int MostNamed = 3;

    /// <summary>The names of a vendor's connections, the first of many.</summary>
    public static string Names(IReadOnlyList<Connection> connections) =>
        CheckWords.FirstOf([.. connections.Select(connection => connection.Key.Connection)], MostNamed);

    /// <summary>A command for each vendor, and what else there is to try.</summary>
    /// <param name="directory">The connections.</param>
    /// <param name="address">The address of this host.</param>
    public static IEnumerable<string> CommandsOf(ConnectionDirectory directory, string address)
    {
        var firsts = directory
            .Vendors.Select(directory.Of)
            .Where(connections => connections.Count > 0)
            .Select(connections => connections[0]);
        foreach (var (vendor, connection) in firsts.Select(first => (first.Vendor.Name, first.Key.Connection)))
        {
            var name = connection == ConnectionDirectory.DefaultName ? "" : $"/{connection}";
            yield return $"curl -s {address}/api/GetToken/{vendor}{name}";
        }

        var called = directory
            .Vendors.SelectMany(directory.Of)
            .FirstOrDefault(connection =>
                connection is { Vendor.HarmlessCall: { Method: "GET" } call, BaseUrl: not null }
                && !call.Path.Contains('{', StringComparison.Ordinal)
            );
        if (called is not null)
        {
            yield return $"curl -s {address}/api/Call/{called.Key}/{called.Vendor.HarmlessCall!.Path}";
        }
    }
}
