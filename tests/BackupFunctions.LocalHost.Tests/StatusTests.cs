using System.Text.Json;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Time.Testing;

namespace BackupFunctions.LocalHost.Tests;

/// <summary>Status, health and connections, end to end.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task Every_connection_is_listed_and_no_token()
    {
        await using var host = await RunningHost.StartAsync();
        var token = await host.GetTokenAsync("backupnet");

        using var response = await host.Client.GetAsync("/api/status");

        Assert.Equal((200, "no-store"), ((int)response.StatusCode, response.Headers.CacheControl!.ToString()));
        var body = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(token.AccessToken, body, StringComparison.Ordinal);
        var connections = JsonDocument.Parse(body).RootElement.GetProperty("connections").EnumerateArray().ToList();
        Assert.Equal(
            VendorProfiles.BuiltIn.Select(vendor => (vendor.Name, vendor.Name == "backupnet" ? "healthy" : "never")),
            connections.Select(one => (one.GetProperty("vendor").GetString()!, one.GetProperty("state").GetString()!))
        );
        Assert.Equal(
            (token.Fingerprint, token.Text("expires_at")),
            (
                connections[3].GetProperty("fingerprint").GetString(),
                connections[3].GetProperty("expires_at").GetString()
            )
        );
        Assert.Equal(
            VendorProfiles.BuiltIn.Select(vendor => vendor.OneTimeCodeDigits is not null),
            connections.Select(one => one.TryGetProperty("can_enrol", out var can) && can.GetBoolean())
        );
    }

    [Fact]
    public async Task A_status_asks_no_vendor_and_of_the_vault_only_its_list()
    {
        // No timer of the host runs meanwhile.
        await using var host = await RunningHost.StartAsync(time: new FakeTimeProvider(TestTime.Noon));
        await host.GetTokenAsync("backupnet");
        var before = host.Calls();

        for (var i = 0; i < 3; i++)
        {
            (await host.Client.GetAsync("/api/status")).Dispose();
        }

        Assert.Equal(before, host.Calls());
    }

    [Fact]
    public async Task Connections_lists_only_names_and_health_has_none()
    {
        await using var host = await RunningHost.StartAsync();

        var connections = await host.Client.GetStringAsync("/api/connections?vendor=veeam");
        var health = await host.Client.GetStringAsync("/api/health");

        Assert.Equal(
            """
            {"connections":[{"vendor":"veeam","connection":"default","name":"veeam/default"}],"vendors":[{"vendor":"veeam","display_name":"Veeam Backup for Microsoft Azure"}]}
            """,
            connections
        );
        Assert.Equal("""{"alive":true}""", health);
    }
}
