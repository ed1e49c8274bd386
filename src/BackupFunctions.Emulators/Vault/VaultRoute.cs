namespace BackupFunctions.Emulators;

/// <summary>The operation of a request to the vault. The SDK ends some paths with a slash.</summary>
internal sealed record VaultRoute(string Operation, string Name = "", string? Version = null)
{
    public static VaultRoute? Of(HttpRequest request)
    {
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, parts) switch
        {
            ("GET", ["secrets"]) => new(Endpoints.List),
            ("GET", ["secrets", var name]) => new(Endpoints.Get, name),
            ("GET", ["secrets", var name, "versions"]) => new(Endpoints.Versions, name),
            ("GET", ["secrets", var name, var version]) => new(Endpoints.Get, name, version),
            ("PUT", ["secrets", var name]) => new(Endpoints.Set, name),
            ("PATCH", ["secrets", var name]) => new(Endpoints.Update, name),
            ("PATCH", ["secrets", var name, var version]) => new(Endpoints.Update, name, version),
            ("DELETE", ["secrets", var name]) => new(Endpoints.Delete, name),
            ("GET", ["deletedsecrets"]) => new(Endpoints.Deleted),
            ("GET", ["deletedsecrets", var name]) => new(Endpoints.Deleted, name),
            ("POST", ["deletedsecrets", var name, "recover"]) => new(Endpoints.Recover, name),
            ("DELETE", ["deletedsecrets", var name]) => new(Endpoints.Purge, name),
            _ => null,
        };
    }
}
