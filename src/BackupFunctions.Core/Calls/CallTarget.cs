using BackupFunctions.Connections;

namespace BackupFunctions.Calls;

/// <summary>What a call is for: a URL below the URL of the connection's API, and nowhere else.</summary>
internal sealed class CallTarget
{
    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    private readonly Uri _api;
    private readonly ConnectionKey _connection;

    /// <summary>Puts a path below the API's URL.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="api">The URL of its API.</param>
    /// <param name="path">The path.</param>
    public CallTarget(Connection connection, Uri api, CallPath path)
    {
        _api = api;
        _connection = connection.Key;
        var root = api.AbsoluteUri.TrimEnd('/');
        Url = new Uri(path.Path.Length == 0 ? $"{root}{path.Query}" : $"{root}/{path.Path}{path.Query}", AsWritten);
    }

    /// <summary>The URL, with path and query exactly as the caller wrote them.</summary>
    public Uri Url { get; }

    /// <summary>Who calls, for the record of a renewal that this causes; null if that is not known.</summary>
    public string? AskedBy { get; init; }

    /// <summary>
    /// A <c>Location</c> of the vendor's as this app's route to the same place; null for one that is elsewhere.
    /// </summary>
    public string? Rewrite(string location)
    {
        var root = _api.AbsolutePath.TrimEnd('/');
        if (
            !Uri.TryCreate(Url, location, out var there)
            || there.Scheme != _api.Scheme
            || there.Authority != _api.Authority
            || there.UserInfo.Length > 0
            || !(there.AbsolutePath + "/").StartsWith(root + "/", StringComparison.Ordinal)
        )
        {
            return null;
        }

        return $"/api/Call/{_connection}{there.AbsolutePath[root.Length..]}{there.Query}{there.Fragment}";
    }
}
