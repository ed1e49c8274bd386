using System.Text.RegularExpressions;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment.Alerts;

/// <summary>The runbook: each alert leads to a section of it, and its queries run.</summary>
public sealed partial class RunbookTests
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md"));

    [Fact]
    public async Task Every_alert_says_what_to_do_and_where_the_runbook_tells_more()
    {
        var deployment = await AzureDeployment.EntraAsync;
        var headings = Heading()
            .Matches(Text)
            .Select(match => NoSlug().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))
            .ToList();
        var descriptions = deployment
            .Of("Microsoft.Insights/scheduledQueryRules")
            .Concat(deployment.Of("Microsoft.Insights/metricAlerts"))
            .Select(rule => rule.GetProperty("properties").GetProperty("description").GetString()!)
            .ToList();

        Assert.Equal(15, descriptions.Count);
        Assert.All(descriptions, description =>
        {
            var link = Link().Match(description);
            Assert.True(link.Success, description);
            Assert.Contains(link.Groups["heading"].Value, headings);
        });
    }

    [Fact]
    public async Task The_app_is_asked_for_its_health_from_outside_and_two_places_are_enough_for_an_alert()
    {
        var deployment = await AzureDeployment.EntraAsync;
        var test = Assert.Single(deployment.Of("Microsoft.Insights/webtests"));
        var properties = test.GetProperty("properties");
        var rule = deployment
            .Of("Microsoft.Insights/metricAlerts")
            .Select(one => one.GetProperty("properties"))
            .Single(one => one.GetProperty("criteria").TryGetProperty("webTestId", out _));
        var criteria = rule.GetProperty("criteria");

        Assert.Contains("/api/health", properties.GetProperty("Request").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(5, properties.GetProperty("Locations").GetArrayLength());
        Assert.Equal(2, criteria.GetProperty("failedLocationCount").GetInt32());
        Assert.Equal(test.GetProperty("id").GetString(), criteria.GetProperty("webTestId").GetString());
        Assert.Single(rule.GetProperty("actions").EnumerateArray());
        Assert.Contains(test.GetProperty("tags").EnumerateObject(), tag =>
            tag.Name == $"hidden-link:{criteria.GetProperty("componentId").GetString()}"
        );
    }

    [Fact]
    public async Task Every_query_of_the_runbook_runs()
    {
        var queries = Query().Matches(Text).Select(match => match.Groups["text"].Value).ToList();

        Assert.NotEmpty(queries);
        Assert.All(queries, query => Assert.Empty(TelemetryNames.UnknownIn(query)));
        var replies = await KustoQueries.RunAsync(
            queries.Select(query => (query, RecordedHour.End, RecordedHour.Healthy))
        );
        Assert.Equal(queries.Count, replies.Count);
    }

    [GeneratedRegex("^## (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, Patience)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 -]", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex NoSlug();

    [GeneratedRegex(@"[.] docs/runbook\.md#(?<heading>[a-z0-9-]+)$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Link();

    [GeneratedRegex("```kusto\n(?<text>[^`]+)```", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Query();
}
