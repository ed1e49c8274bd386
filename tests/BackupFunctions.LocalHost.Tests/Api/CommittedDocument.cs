using System.Text.Json.Nodes;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>The OpenAPI document in the repository, which both hosts serve.</summary>
internal static class CommittedDocument
{
    public static Task<string> ReadAsync() => GeneratedFile.ReadAsync(GeneratedFile.OpenApi);

    /// <summary>The operations of the document, each with its path and method.</summary>
    public static async Task<IReadOnlyList<(string Path, HttpMethod Method, JsonNode Operation)>> OperationsAsync()
    {
        var document = JsonNode.Parse(await ReadAsync())!;
        return
        [
            .. from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (path.Key, HttpMethod.Parse(operation.Key), operation.Value!),
        ];
    }
}
