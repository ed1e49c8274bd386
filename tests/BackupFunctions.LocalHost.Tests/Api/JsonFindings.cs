using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Api;

/// <summary>Runs npm validators on documents and values.</summary>
internal static class JsonFindings
{
    /// <summary>Returns what is wrong with each file as an OpenAPI document.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> OfOpenApiAsync(params IEnumerable<string> paths)
    {
        var (process, line) = await NodeProcess.StartAsync("validate-openapi.mjs", paths, """{"openapi":""");
        await using (process)
        {
            return [.. JsonNode.Parse(line)!["openapi"]!.AsArray().Select(file => Texts(file!["errors"]!))];
        }
    }

    /// <summary>The names of the validators that reported findings.</summary>
    public static IEnumerable<string> Validators(IEnumerable<string> findings) =>
        findings
            .Select(finding => finding[..finding.IndexOf(':', StringComparison.Ordinal)])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    /// <summary>Returns what is wrong with each value according to the schema at its pointer.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> OfValuesAsync(
        JsonNode document,
        params IEnumerable<(string Pointer, JsonNode Value)> values
    )
    {
        var checks = new JsonArray([
            .. values.Select(check => new JsonObject
            {
                ["pointer"] = check.Pointer,
                ["value"] = check.Value.DeepClone(),
            }),
        ]);
        var question = new JsonObject { ["document"] = document.DeepClone(), ["checks"] = checks }.ToJsonString();
        var (process, line) = await NodeProcess.StartAsync("validate-json.mjs", [], """{"found":""", question);
        await using (process)
        {
            return [.. JsonNode.Parse(line)!["found"]!.AsArray().Select(found => Texts(found!))];
        }
    }

    private static IReadOnlyList<string> Texts(JsonNode list) => list.Deserialize<IReadOnlyList<string>>()!;
}
