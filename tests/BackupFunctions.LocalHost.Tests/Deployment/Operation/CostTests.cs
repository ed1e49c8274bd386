using System.Globalization;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment.Operation;

/// <summary>The quantities in docs/cost.md are those of the deployment.</summary>
public sealed class CostTests
{
    private const int HoursInMonth = 730;

    /// <summary>A token of two hours is renewed after 100 minutes, and once more in thirteen times.</summary>
    private const int RenewalsInMonth = HoursInMonth * 60 / 100 * 14 / 13 + 1;
    private const int Instances = 7;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cost.md"));

    [Theory]
    [InlineData(10, 0)]
    [InlineData(1000, 1)]
    public async Task The_table_has_what_its_formulas_give(int connections, int column)
    {
        var places = Assert
            .Single((await AzureDeployment.PublicAsync).Of("Microsoft.Insights/webtests"))
            .GetProperty("properties")
            .GetProperty("Locations")
            .GetArrayLength();
        var tests = places * 12 * HoursInMonth;
        var executions = (DeployedApp.Timers.Count() * 12 * HoursInMonth) + tests + (connections * 4 * HoursInMonth);
        var pages = (connections + 24) / 25;

        Assert.Equal(executions, Cell("*On Demand Total Executions*", column));
        Assert.Equal(executions * 2, Cell("*On Demand Execution Time*", column));
        Assert.Equal(connections * RenewalsInMonth * 4, Cell("*Operations*: renewals", column));
        Assert.Equal(Instances * HoursInMonth * 30 * pages, Cell("*Operations*: reading", column));
        Assert.Equal(connections * RenewalsInMonth * 6, Cell("transactions: renewals", column));
        Assert.Equal(Instances * HoursInMonth * 180, Cell("transactions: reading", column));
        Assert.Equal(tests, Cell("Azure Monitor, tests from outside", column));
    }

    [Fact]
    public async Task The_counted_resources_are_those_of_a_deployment()
    {
        var closed = await AzureDeployment.PrivateAsync;
        var frequencies = closed
            .Of("Microsoft.Insights/scheduledQueryRules")
            .CountBy(rule => rule.GetProperty("properties").GetProperty("evaluationFrequency").GetString()!)
            .ToDictionary(StringComparer.Ordinal);
        var endpoints = closed.Of("Microsoft.Network/privateEndpoints").Count();
        var zones = closed.Of("Microsoft.Network/privateDnsZones").Count();

        Assert.Contains(
            $"| {frequencies["PT5M"]}; {frequencies["PT15M"]}; {frequencies["P1D"]} |",
            Text,
            StringComparison.Ordinal
        );
        Assert.Equal(closed.Of("Microsoft.Insights/metricAlerts").Count(), Cell("metric alert rules", 0));
        Assert.Contains($"{endpoints} private endpoints and {zones} private DNS zones", Text, StringComparison.Ordinal);
    }

    /// <summary>The number in a row of the table: column 0 for the small deployment, 1 for the large one.</summary>
    private static int Cell(string meter, int column)
    {
        var row = Text.Split('\n')
            .Single(line =>
                line.StartsWith("| ", StringComparison.Ordinal)
                && line.Split('|')[1].Contains(meter, StringComparison.Ordinal)
            );
        return int.Parse(
            row.Split('|')[3 + column],
            NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture
        );
    }
}
