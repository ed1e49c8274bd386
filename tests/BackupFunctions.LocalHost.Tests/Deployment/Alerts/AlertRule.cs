using System.Text.Json;
using System.Xml;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>A rule of a deployment that queries logs, evaluated as Azure Monitor does.</summary>
internal sealed class AlertRule
{
    private readonly JsonElement _properties;
    private readonly JsonElement _criterion;

    private AlertRule(JsonElement resource)
    {
        var name = resource.GetProperty("name").GetString()!;
        Name = name["alert-".Length..name.LastIndexOf('-')];
        _properties = resource.GetProperty("properties");
        _criterion = Assert.Single(_properties.GetProperty("criteria").GetProperty("allOf").EnumerateArray());
    }

    /// <summary>The resource's name without what all have.</summary>
    public string Name { get; }

    public string Query => Text("query");

    private TimeSpan Window => XmlConvert.ToTimeSpan(_properties.GetProperty("windowSize").GetString()!);

    private string Dimension =>
        Assert.Single(_criterion.GetProperty("dimensions").EnumerateArray()).GetProperty("name").GetString()!;

    public static IReadOnlyList<AlertRule> Of(AzureDeployment deployment) =>
        [.. deployment.Of("Microsoft.Insights/scheduledQueryRules").Select(resource => new AlertRule(resource))];

    /// <summary>The alerts that all rules raise: the rule's name and the value of its dimension.</summary>
    public static async Task<IReadOnlyList<string>> RaisedAsync(
        IReadOnlyList<AlertRule> rules,
        DateTimeOffset now,
        IReadOnlyList<WorkspaceRow> rows
    )
    {
        var replies = await KustoQueries.RunAsync(
            rules.Select(rule =>
            {
                Assert.Equal(
                    ("Count", "GreaterThan", 0),
                    (
                        rule.Text("timeAggregation"),
                        rule.Text("operator"),
                        rule._criterion.GetProperty("threshold").GetInt32()
                    )
                );
                return (
                    rule.Query,
                    now,
                    (IReadOnlyList<WorkspaceRow>)[.. rows.Where(row => row.At <= now && row.At > now - rule.Window)]
                );
            })
        );
        return
        [
            .. rules
                .Zip(replies)
                .SelectMany(one => one.Second.Select(row => $"{one.First.Name}: {row[one.First.Dimension]}"))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private string Text(string name) => _criterion.GetProperty(name).GetString()!;
}
