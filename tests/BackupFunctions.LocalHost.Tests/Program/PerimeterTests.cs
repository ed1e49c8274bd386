using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.LocalHost.Tests.Program;

/// <summary>LocalHost has no keys, so it serves one machine only.</summary>
public sealed class PerimeterTests
{
    [Theory]
    [InlineData("http://0.0.0.0:7071")]
    [InlineData("http://*:7071")]
    [InlineData("http://192.0.2.1:7071")]
    [InlineData("https://localhost:7071")]
    [InlineData("http://localhost:7071/api")]
    [InlineData("localhost")]
    public void An_address_beyond_this_machine_is_refused(string url)
    {
        var refused = Assert.Throws<StartRefusedException>(() =>
            LoopbackEndpoint.ParseAll(["http://localhost:7071", url])
        );

        Assert.StartsWith($"--urls {url} ", Assert.Single(refused.Findings));
    }

    [Fact]
    public void Several_loopback_addresses_are_accepted() =>
        Assert.Equal(
            [
                new LoopbackEndpoint("localhost", 7071),
                new LoopbackEndpoint("[::1]", 7072),
                new LoopbackEndpoint("127.0.0.1", 80),
            ],
            LoopbackEndpoint.ParseAll(["http://localhost:7071;http://[::1]:7072", "http://127.0.0.1"])
        );

    [Fact]
    public async Task It_answers_at_another_loopback_address_if_told_to()
    {
        // macOS configures only the first of the addresses 127.x.x.x.
        var address = OperatingSystem.IsMacOS() ? "[::1]" : "127.0.0.2";
        await using var host = await RunningHost.StartAsync(address: address);

        using var response = await host.Client.GetAsync("/api/health");

        Assert.Equal((address, 200), (host.Client.BaseAddress!.Host, (int)response.StatusCode));
    }

    [Fact]
    public async Task A_foreign_host_header_is_refused()
    {
        await using var host = await RunningHost.StartAsync();
        host.Client.DefaultRequestHeaders.Host = "attacker.example";

        using var response = await host.Client.GetAsync("/api/GetToken/acronis");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal((0, 0), host.Calls());
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused()
    {
        await using var host = await RunningHost.StartAsync();
        host.Client.DefaultRequestHeaders.Add("Origin", "https://attacker.example");

        using var response = await host.Client.PostAsync("/api/Refresh/acronis", null);

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal((0, 0), host.Calls());
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("http://localhost:1", null)]
    [InlineData("https://{host}", null)]
    [InlineData("http://{host}", "same-site")]
    [InlineData(null, "cross-site")]
    public async Task A_page_of_another_origin_is_refused(string? origin, string? site)
    {
        await using var host = await RunningHost.StartAsync();

        using var response = await host.Client.SendAsync(FromPage(host, origin, site));

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal((0, 0), host.Calls());
    }

    [Theory]
    [InlineData("http://{host}", "same-origin")]
    [InlineData("http://{host}", null)]
    [InlineData(null, "none")]
    public async Task This_hosts_own_page_may_ask(string? origin, string? site)
    {
        await using var host = await RunningHost.StartAsync();

        using var response = await host.Client.SendAsync(FromPage(host, origin, site));

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static HttpRequestMessage FromPage(RunningHost host, string? origin, string? site)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/Refresh/acronis");
        if (origin is not null)
            request.Headers.Add(
                "Origin",
                origin.Replace("{host}", host.Client.BaseAddress!.Authority, StringComparison.Ordinal)
            );
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        return request;
    }

    [Theory]
    [InlineData("https://contoso-backup.vault.azure.net", false, false)]
    [InlineData("https://contoso-backup.vault.azure.net", true, true)]
    [InlineData("https://127.0.0.1:7443", false, true)]
    [InlineData(null, false, true)]
    public async Task A_vault_that_a_deployed_app_may_own_is_left_to_it(string? vault, bool ownsTheVault, bool renews)
    {
        var settings = vault is null ? [] : new Dictionary<string, string> { ["KeyVault__VaultUri"] = vault };
        await using var host = await RunningHost.StartAsync(settings, ownsTheVault: ownsTheVault);

        Assert.Equal(renews, host.Services.GetRequiredService<RenewalOptions>().MaySpendRefreshTokens);
        Assert.Equal(renews, host.Services.GetServices<IHostedService>().OfType<RefreshTimers>().Any());
    }

    [Fact]
    public async Task An_own_connection_is_not_mixed_with_the_emulated_one()
    {
        await using var host = await RunningHost.StartAsync(
            new Dictionary<string, string>
            {
                ["Connections__Veeam__default__BaseUrl"] = "https://203.0.113.10",
                ["Connections__Veeam__default__Username"] = "own",
                ["Connections__Veeam__branch__BaseUrl"] = "https://203.0.113.11",
                ["Connections__Veeam__branch__Username"] = "backup",
                ["Connections__Acronis__default__RefreshBefore"] = "600",
            }
        );

        var directory = host.Services.GetRequiredService<ConnectionDirectory>();
        var veeam = directory.FindVendor("veeam")!;
        var own = directory.Find(veeam, "DEFAULT")!;
        Assert.Equal(
            (new Uri("https://203.0.113.10"), null, "own"),
            (own.Server, own.ServerCertificateSha256, own.Username)
        );
        Assert.Equal(new Uri("https://203.0.113.11"), directory.Find(veeam, "branch")!.BaseUrl);
        var acronis = directory.Find(directory.FindVendor("acronis")!, "default")!;
        Assert.Equal(
            (host.Emulators.Acronis.BaseAddress, TimeSpan.FromSeconds(600)),
            (acronis.BaseUrl, acronis.RefreshBefore)
        );
    }
}
