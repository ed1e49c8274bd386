using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>The flows, run against LocalHost by an engine that is ours.</summary>
public sealed class FlowRunTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private const string Key = "function-key-of-the-flows==";
    private readonly HttpClient _client = new();

    public static TheoryData<string> Flows { get; } = [.. FlowSample.ByName.Keys];

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task Customers_are_listed_with_one_token(string flow)
    {
        var run = new FlowRun(_client, host.Url, FlowRun.Parameters(host.Url, Key));

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal("Succeeded", status);
        Assert.Equal("Contoso", run.Output("Customers")![0]!["name"]!.GetValue<string>());
        Assert.Equal("Skipped", run.StatusOf("Ask_for_another_token"));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_token_that_the_vendor_rejects_is_replaced_and_the_history_shows_neither(string flow)
    {
        var (first, _) = await host.TokenAsync();
        var rejected = await host.RejectTokenAsync();
        var run = new FlowRun(_client, host.Url, FlowRun.Parameters(host.Url, Key));

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal("Succeeded", status);
        Assert.Equal("Contoso", run.Output("Customers")![0]!["name"]!.GetValue<string>());
        Assert.Equal(rejected, run.Body("Ask_for_a_token")!["fingerprint"]!.GetValue<string>());
        var (second, _) = await host.TokenAsync();
        Assert.NotEqual(first, second);
        Assert.Contains("Contoso", run.History, StringComparison.Ordinal);
        Assert.All(new[] { first, second, Key }, secret =>
            Assert.DoesNotContain(secret, run.History, StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_vendor_that_needs_a_header_gets_it_with_either_token(string flow)
    {
        var rejected = await host.RejectTokenAsync("veeam-vbr");
        var run = new FlowRun(_client, host.Url, FlowRun.Parameters(host.Url, Key));

        var status = await run.RunAsync(FlowSample.ByName[flow].Of("veeam-vbr", "/api/v1/serverInfo"));

        Assert.Equal("Succeeded", status);
        Assert.Equal(0, run.Output("Customers")!["totalCount"]!.GetValue<int>());
        Assert.Equal(rejected, run.Body("Ask_for_a_token")!["fingerprint"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_token_that_the_vendor_answers_with_403_is_replaced(string flow)
    {
        var rejected = await host.RejectTokenAsync("druva");
        var run = new FlowRun(_client, host.Url, FlowRun.Parameters(host.Url, Key));

        var status = await run.RunAsync(FlowSample.ByName[flow].Of("druva", "/msp/v3/customers"));

        Assert.Equal("Succeeded", status);
        Assert.NotNull(run.Output("Customers")!["customers"]);
        Assert.Equal(rejected, run.Body("Ask_for_a_token")!["fingerprint"]!.GetValue<string>());
    }

    public void Dispose() => _client.Dispose();
}
