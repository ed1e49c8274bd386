using System.Text.RegularExpressions;

namespace BackupFunctions.LocalHost.Tests.Program;

/// <summary>What a person sees first: the console's lines and the page at <c>/</c>.</summary>
public sealed partial class FrontPageTests
{
    [Fact]
    public async Task The_page_leads_to_pages_that_exist()
    {
        await using var host = await RunningHost.StartAsync();

        var page = await host.Client.GetStringAsync("/");

        var links = Link().Matches(page).Select(match => match.Groups["to"].Value).ToList();
        Assert.Equal(["/api/status/page", "/try", "/api/openapi.json"], links);
        foreach (var link in links)
            Assert.Equal(200, (int)(await host.Client.GetAsync(link)).StatusCode);
        Assert.Contains("/api/GetToken/acronis\n", page, StringComparison.Ordinal);
        Assert.Contains("/api/Call/backupnet/default/v1/customers", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_to_try_the_API_reads_this_hosts_document_and_nothing_from_elsewhere()
    {
        await using var host = await RunningHost.StartAsync();

        var page = await host.Client.GetStringAsync("/try/");

        Assert.Contains("openapi.json", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?:src|href)=[\"'](?:https?:)?//", page);
    }

    [Fact]
    public async Task Hundreds_of_connections_are_one_line_and_one_command()
    {
        var settings = Enumerable
            .Range(0, 200)
            .SelectMany(number =>
                new KeyValuePair<string, string>[]
                {
                    new($"Connections__Acronis__c{number:000}__DataCenterUrl", "https://eu8-cloud.acronis.com"),
                    new($"Connections__Acronis__c{number:000}__ClientId", "id"),
                }
            )
            .ToDictionary(StringComparer.Ordinal);

        var lines = await LinesAsync(settings);

        Assert.Contains("acronis  c000, c001, c002 and 198 more  2 addresses", lines);
        Assert.Single(lines, line => line.Contains("/GetToken/acronis/", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("/api/GetToken/acronis/c000", StringComparison.Ordinal));
        Assert.InRange(lines.Count, 10, 50);
    }

    [Fact]
    public async Task The_console_names_the_pages()
    {
        var lines = await LinesAsync(new Dictionary<string, string>());

        Assert.Contains(lines, line => line.StartsWith("Status page: http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("/try", StringComparison.Ordinal));
        Assert.Equal("Press Ctrl+C to stop.", lines[^1]);
    }

    [Theory]
    [InlineData("\"http://localhost:7071\"", "in quotes")]
    [InlineData("'http://localhost:7071'", "in quotes")]
    [InlineData("localhost:7071", "Use http://localhost:7071")]
    [InlineData("http://0.0.0.0:7071", "is not an http URL of a loopback address")]
    public void A_wrong_address_is_told_what_is_wrong_with_it(string url, string words)
    {
        var refused = Assert.Throws<StartRefusedException>(() => LoopbackEndpoint.ParseAll([url]));

        Assert.Contains(words, Assert.Single(refused.Findings), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var host = await RunningHost.StartAsync(settings);
        using var output = new StringWriter();
        StartupBanner.Write(host.App, output);
        return output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }

    [GeneratedRegex("<a href=\"(?<to>[^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
