using System.Collections.Concurrent;
using System.IO.Enumeration;

namespace BackupFunctions.Emulators;

/// <summary>Operations that are denied to callers, as if no role allowed them.</summary>
internal sealed class VaultDenials
{
    private readonly ConcurrentBag<(string Operation, string NamePattern)> _denied = [];

    public void Add(string operation, string namePattern) => _denied.Add((operation, namePattern));

    public void Clear() => _denied.Clear();

    public bool Cover(string operation, string name) =>
        _denied.Any(denied =>
            (denied.Operation == Endpoints.Every || denied.Operation == operation)
            // A list has no secret name, so no name pattern matches it.
            && (
                name.Length == 0
                    ? denied.NamePattern == "*"
                    : FileSystemName.MatchesSimpleExpression(denied.NamePattern, name, ignoreCase: true)
            )
        );

    /// <summary>The data action that a role would need.</summary>
    public static string ActionOf(string operation) =>
        operation switch
        {
            Endpoints.Get => "getSecret/action",
            Endpoints.Set => "setSecret/action",
            Endpoints.Update => "update/action",
            Endpoints.Delete => "delete",
            Endpoints.Recover => "recover/action",
            Endpoints.Purge => "purge/action",
            _ => "readMetadata/action",
        };
}
