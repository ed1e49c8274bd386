namespace BackupFunctions.LocalHost.Tests;

/// <summary>LocalHost is for one person's machine: it has no keys.</summary>
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
        var refused = Assert.Throws<StartRefusedException>(() => LoopbackEndpoint.ParseAll(["http://localhost:7071", url]));

        Assert.StartsWith($"--urls {url} ", Assert.Single(refused.Findings));
    }

    [Fact]
    public void Several_addresses_of_this_machine_are_accepted() =>
        Assert.Equal(
            [new LoopbackEndpoint("localhost", 7071), new LoopbackEndpoint("[::1]", 7072), new LoopbackEndpoint("127.0.0.1", 80)],
            LoopbackEndpoint.ParseAll(["http://localhost:7071;http://[::1]:7072", "http://127.0.0.1"]));

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
    public async Task A_web_page_is_refused()
    {
        await using var host = await RunningHost.StartAsync();
        host.Client.DefaultRequestHeaders.Add("Origin", "https://attacker.example");

        using var response = await host.Client.PostAsync("/api/Refresh/acronis", null);

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal((0, 0), host.Calls());
    }
}
