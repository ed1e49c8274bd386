using BackupFunctions.Samples.Tests.Connector;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>The flows, run against LocalHost by an engine that is ours.</summary>
public sealed class FlowRunTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private readonly HttpClient _client = new();

    public static TheoryData<string> Flows { get; } = [.. FlowSample.ByName.Keys];

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task Customers_are_listed_and_the_history_shows_them_and_no_token(string flow)
    {
        var run = new FlowRun(_client, host.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal("Succeeded", status);
        Assert.Equal("Contoso", run.Body("List_customers")![0]!["name"]!.GetValue<string>());
        var (token, _) = await host.TokenAsync();
        AssertNoToken(run, token);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_token_that_the_vendor_rejects_is_renewed_unseen(string flow)
    {
        var (first, _) = await host.TokenAsync();
        await host.RejectTokenAsync();
        var run = new FlowRun(_client, host.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal("Succeeded", status);
        Assert.Equal("Contoso", run.Body("List_customers")![0]!["name"]!.GetValue<string>());
        var (second, _) = await host.TokenAsync();
        Assert.NotEqual(first, second);
        AssertNoToken(run, first, second);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_vendor_that_needs_a_header_gets_it_with_either_token(string flow)
    {
        var run = await RunRejectedAsync(flow, "veeam-vbr", "/api/v1/serverInfo");

        Assert.Equal(0, run.Body("List_customers")!["totalCount"]!.GetValue<int>());
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_token_that_the_vendor_answers_with_403_is_renewed(string flow)
    {
        var run = await RunRejectedAsync(flow, "druva", "/msp/v3/customers");

        Assert.NotNull(run.Body("List_customers")!["customers"]);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task The_platform_signs_in_and_sends_no_key(string flow)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers("[]");

        await new FlowRun(_client, app.Url).RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(("/api/Call/backupnet/default/v1/customers", null), Assert.Single(app.Requests));
        Assert.Equal(
            flow == nameof(FlowSample.PowerAutomate)
                ? $"Bearer {PowerPlatform.Token}"
                : $"Bearer {FlowRun.IdentityToken}",
            Assert.Single(app.Authorizations)
        );
    }

    /// <summary>Runs it for another vendor, which rejects the token that the app has.</summary>
    private async Task<FlowRun> RunRejectedAsync(string flow, string vendor, string path)
    {
        var rejected = await host.RejectTokenAsync(vendor);
        var run = new FlowRun(_client, host.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Of(vendor, path));

        Assert.Equal("Succeeded", status);
        var (token, fingerprint) = await host.TokenAsync(vendor);
        Assert.NotEqual(rejected, fingerprint);
        AssertNoToken(run, token);
        return run;
    }

    private static void AssertNoToken(FlowRun run, params IEnumerable<string> tokens)
    {
        Assert.Contains("List_customers -> ", run.History, StringComparison.Ordinal);
        Assert.All([.. tokens, FlowRun.IdentityToken, PowerPlatform.Token], token =>
            Assert.DoesNotContain(token, run.History, StringComparison.Ordinal)
        );
    }

    public void Dispose() => _client.Dispose();
}
