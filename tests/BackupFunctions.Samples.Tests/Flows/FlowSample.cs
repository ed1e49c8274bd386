using System.Text.Json.Nodes;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>A flow of <c>samples</c>, whatever is wrapped around its definition.</summary>
internal sealed record FlowSample(string Path, JsonObject Definition)
{
    private static string Folder => System.IO.Path.Combine(Repository.Root, "samples");

    public static FlowSample Consumption { get; } =
        Read("logic-apps/consumption/azuredeploy.json", file => file["resources"]![0]!["properties"]!["definition"]);

    public static FlowSample Standard { get; } =
        Read("logic-apps/standard/ListCustomers/workflow.json", file => file["definition"]);

    public static FlowSample PowerAutomate { get; } =
        Read("power-automate/flow.json", file => file["properties"]!["definition"]);

    public static IReadOnlyDictionary<string, FlowSample> ByName { get; } =
        new Dictionary<string, FlowSample>
        {
            [nameof(Consumption)] = Consumption,
            [nameof(Standard)] = Standard,
            [nameof(PowerAutomate)] = PowerAutomate,
        };

    public IEnumerable<FlowAction> Actions => FlowAction.Of(Definition);

    /// <summary>Its definition for another vendor and call.</summary>
    public JsonObject Of(string vendor, string path) =>
        JsonNode
            .Parse(
                Definition
                    .ToJsonString()
                    .Replace("backupnet", vendor, StringComparison.Ordinal)
                    .Replace("/v1/customers", path, StringComparison.Ordinal)
            )!
            .AsObject();

    public static JsonNode File(string path) =>
        JsonNode.Parse(System.IO.File.ReadAllText(System.IO.Path.Combine(Folder, path)))!;

    private static FlowSample Read(string path, Func<JsonNode, JsonNode?> definition) =>
        new(path, definition(File(path))!.AsObject());
}
