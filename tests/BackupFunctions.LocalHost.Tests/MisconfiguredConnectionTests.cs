using System.Text.Json;
using BackupFunctions.Check;
using BackupFunctions.Status;
using BackupFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>A connection whose settings are wrong stops neither the start nor any other connection.</summary>
public sealed class MisconfiguredConnectionTests
{
    private static readonly Dictionary<string, string> OneIsWrong = new()
    {
        ["Connections__Veeam__new__BaseUrl"] = "http://203.0.113.10",
        ["Connections__Veeam__new__Username"] = "backup",
    };

    private const string Finding = "Connections:Veeam:new:BaseUrl must begin with https://";

    [Theory]
    [InlineData("GET", "GetToken/veeam/new")]
    [InlineData("GET", "GetToken/VEEAM/NEW")]
    [InlineData("POST", "Refresh/veeam/new")]
    [InlineData("POST", "Enroll/veeam/new")]
    [InlineData("POST", "Revoke/veeam/new")]
    public async Task Every_route_to_it_answers_424_with_the_finding(string method, string route)
    {
        await using var host = await RunningHost.StartAsync(OneIsWrong);

        var (status, problem) = await SendAsync(host, new HttpMethod(method), route);

        Assert.Equal(424, status);
        Assert.Equal("urn:backupfunctions:problem:misconfigured", problem.GetProperty("type").GetString());
        Assert.Equal(
            ("veeam", "new"),
            (problem.GetProperty("vendor").GetString(), problem.GetProperty("connection").GetString())
        );
        Assert.StartsWith(Finding, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_others_get_their_tokens()
    {
        await using var host = await RunningHost.StartAsync(OneIsWrong);

        foreach (var vendor in new[] { "acronis", "acronis-cyberapp", "avepoint", "backupnet", "veeam" })
        {
            Assert.Equal(200, (await host.GetTokenAsync(vendor)).Status);
        }
    }

    [Fact]
    public async Task Status_lists_metrics_and_check_show_it()
    {
        await using var host = await RunningHost.StartAsync(OneIsWrong);

        var status = (await SendAsync(host, HttpMethod.Get, "status")).Body.GetProperty("connections");
        var names = (await SendAsync(host, HttpMethod.Get, "connections?vendor=veeam")).Body;
        var check = await host
            .Services.GetRequiredService<CheckRunner>()
            .RunAsync(new CheckRequest { SignsIn = false }, progress: null, CancellationToken.None);

        var shown = status.EnumerateArray().Single(one => one.GetProperty("connection").GetString() == "new");
        Assert.Equal("misconfigured", shown.GetProperty("state").GetString());
        Assert.StartsWith(
            Finding,
            shown.GetProperty("last_failure").GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["veeam/default", "veeam/new"],
            names.GetProperty("connections").EnumerateArray().Select(one => one.GetProperty("name").GetString())
        );
        Assert.Contains(check.Findings, finding =>
            finding.Type.Id == "connection-misconfigured" && finding.Subject == "veeam/new"
        );
        Assert.Contains(
            host.Services.GetServices<IHostedService>().OfType<ConnectionMetrics>().Single().Count(),
            count =>
                count.Value == 1
                && count.Tags.ToArray().Any(tag => tag is { Key: "vendor", Value: "veeam" })
                && count.Tags.ToArray().Any(tag => tag is { Key: "state", Value: "misconfigured" })
        );
    }

    [Fact]
    public async Task It_is_logged_at_the_start()
    {
        var log = new LogRecorder();
        await using var host = await RunningHost.StartAsync(OneIsWrong, log: log);

        var logged = Assert.Single(log.Events, one => one.EventId.Id == 5101);
        Assert.StartsWith(
            $"veeam/new is misconfigured and gets no token: {Finding}",
            logged.Message,
            StringComparison.Ordinal
        );
    }

    private static async Task<(int Status, JsonElement Body)> SendAsync(
        RunningHost host,
        HttpMethod method,
        string route
    )
    {
        using var request = new HttpRequestMessage(method, $"/api/{route}");
        using var response = await host.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, JsonDocument.Parse(body).RootElement);
    }
}
