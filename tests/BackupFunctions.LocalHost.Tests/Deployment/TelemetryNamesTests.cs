using System.Text.Json;
using BackupFunctions.Testing;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>Metrics, spans and events in infra and docs match the code.</summary>
public sealed class TelemetryNamesTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "telemetry.md"));

    [Fact]
    public async Task Infra_names_only_metrics_events_and_attributes_that_the_code_emits()
    {
        var texts = (await AzureDeployment.EntraAsync).Texts.ToList();

        Assert.All(texts, text => Assert.Empty(TelemetryNames.UnknownIn(text)));
        Assert.InRange(texts.Sum(TelemetryNames.CountIn), 15, int.MaxValue);
    }

    [Theory]
    [InlineData("| where Name == \"backupfunctions.token.request\"", "backupfunctions.token.request")]
    [InlineData("| where Name == \"backupfunctions.lock.waits\"", "backupfunctions.lock.waits")]
    [InlineData("| where toint(Properties.EventId) == 1399", "1399")]
    [InlineData("| where toint(Properties.EventId) in (1001, 1399)", "1399")]
    [InlineData("| where tostring(Properties.Vendor_) == \"x\"", "Vendor_")]
    public void A_name_that_the_code_does_not_emit_is_found(string query, string unknown) =>
        Assert.Equal([unknown], TelemetryNames.UnknownIn(query));

    [Fact]
    public async Task The_workbook_reads_every_instrument_and_is_formatted()
    {
        var workbook = Assert.Single((await AzureDeployment.PublicAsync).Of("Microsoft.Insights/workbooks"));
        var text = workbook.GetProperty("properties").GetProperty("serializedData").GetString()!;
        using var document = JsonDocument.Parse(text);
        var items = document.RootElement.GetProperty("items").EnumerateArray().ToList();

        Assert.DoesNotContain("{workspaceId}", text, StringComparison.Ordinal);
        Assert.Equal("Notebook/1.0", document.RootElement.GetProperty("version").GetString());
        Assert.Equal(items.Count, items.Select(item => item.GetProperty("name").GetString()).Distinct().Count());
        Assert.All(TelemetryNames.Instruments, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_documented_instruments_are_those_of_the_code() =>
        Assert.Equal(
            TelemetryNames.Instruments.Order(StringComparer.Ordinal),
            Rows("Instruments").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_documented_spans_are_those_of_the_code() =>
        Assert.Equal(
            TelemetryNames.Spans.Order(StringComparer.Ordinal),
            Rows("Spans").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_documented_events_are_those_of_the_code() =>
        Assert.Equal(
            TelemetryNames.Events.Select(one => $"{one.EventId} {one.Level}"),
            Rows("Events").Select(row => $"{row[0]} {row[1]}")
        );

    [Fact]
    public void A_property_outside_the_message_is_in_pascal_case_as_the_others_are()
    {
        Assert.Contains("CallerKind", TelemetryNames.PropertiesOutsideMessages);
        Assert.All(TelemetryNames.PropertiesOutsideMessages, name =>
            Assert.True(char.IsAsciiLetterUpper(name[0]), name)
        );
    }

    [Fact]
    public void Event_numbers_are_unique() =>
        Assert.DoesNotContain(TelemetryNames.Events.CountBy(one => one.EventId), one => one.Value > 1);

    private static IEnumerable<string[]> Rows(string heading) =>
        Lines
            .SkipWhile(line => line != $"## {heading}")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(2)
            .Select(line => line.Trim('|', ' ').Split(" | "));
}
