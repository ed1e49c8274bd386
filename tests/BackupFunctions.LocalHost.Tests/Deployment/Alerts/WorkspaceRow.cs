using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>A row of a workspace of Azure Monitor, as the exporter of Application Insights writes it.</summary>
internal sealed partial record WorkspaceRow(string Table, DateTimeOffset At, JsonObject Columns)
{
    /// <summary>No column: where the template of a message is kept.</summary>
    private const string Template = "Template";

    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    /// <summary>One of the app's numbered events; its message is made from the template in the code.</summary>
    /// <param name="at">When it was logged.</param>
    /// <param name="number">The event's number.</param>
    /// <param name="values">
    /// An object with the values of its properties. Those that the template names and this lacks are texts.
    /// </param>
    public static WorkspaceRow Event(DateTimeOffset at, int number, object values)
    {
        var template = TelemetryNames.Events.Single(one => one.EventId == number).Message!;
        var properties = JsonSerializer.SerializeToNode(values)!.AsObject();
        foreach (Match placeholder in Placeholder().Matches(template))
        {
            properties.TryAdd(placeholder.Groups["name"].Value, "any");
        }

        var message = Placeholder().Replace(template, match => $"{properties[match.Groups["name"].Value]}");
        // The exporter writes every value as a text.
        var texts = properties.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)$"{one.Value}"));
        return new WorkspaceRow(
            "AppTraces",
            at,
            new JsonObject
            {
                ["Message"] = message,
                [Template] = template,
                ["Properties"] = new JsonObject(texts) { ["EventId"] = number.ToString(CultureInfo.InvariantCulture) },
            }
        );
    }

    /// <summary>A line of the Functions host.</summary>
    public static WorkspaceRow HostLine(DateTimeOffset at, string instance, string message) =>
        new(
            "AppTraces",
            at,
            new JsonObject
            {
                ["Message"] = message,
                ["AppRoleInstance"] = instance,
                ["Properties"] = new JsonObject(),
            }
        );

    /// <summary>What a counter or histogram measured in a minute.</summary>
    public static WorkspaceRow Metric(DateTimeOffset at, string name, double value, object attributes) =>
        new(
            "AppMetrics",
            at,
            new JsonObject
            {
                ["Name"] = name,
                ["Sum"] = value,
                ["Min"] = value,
                ["Max"] = value,
                ["Properties"] = JsonSerializer.SerializeToNode(attributes),
            }
        );

    public static WorkspaceRow Request(DateTimeOffset at, string name, bool success) =>
        new(
            "AppRequests",
            at,
            new JsonObject
            {
                ["Name"] = name,
                ["OperationName"] = name,
                ["Success"] = success,
            }
        );

    public static WorkspaceRow Failure(DateTimeOffset at, string operation, Type exception) =>
        new(
            "AppExceptions",
            at,
            new JsonObject { ["OperationName"] = operation, ["ExceptionType"] = exception.FullName }
        );

    /// <summary>The same from an exporter that sends the template of a message and not its text.</summary>
    public WorkspaceRow Unformatted()
    {
        var columns = Columns.DeepClone().AsObject();
        if (columns[Template] is { } template)
            columns["Message"] = template.DeepClone();
        return this with { Columns = columns };
    }

    public JsonObject ToJson()
    {
        var row = Columns.DeepClone().AsObject();
        row["TimeGenerated"] = $"{At.UtcDateTime:O}";
        row["Type"] = Table;
        return row;
    }

    [GeneratedRegex(@"\{(?<name>\w+)(:[^}]+)?\}", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Placeholder();
}
