using BackupFunctions.Emulators;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>How the flows end where they cannot succeed.</summary>
public sealed class FlowEndTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private readonly HttpClient _client = new();

    public static TheoryData<string> Flows { get; } = [.. FlowSample.ByName.Keys];

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task What_an_operator_must_mend_ends_the_run_in_the_apps_words(string flow)
    {
        (await _client.PostAsync($"{host.Url}/api/Revoke/acronis/default", content: null)).Dispose();
        var run = new FlowRun(_client, host.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Of("acronis", "/api/2/tenants"));

        Assert.Equal(
            ("Failed", 424, "urn:backupfunctions:problem:signed-out"),
            (status, run.Body("List_customers")!["status"]!.GetValue<int>(), run.Error!.Value.Code)
        );
        Assert.Equal(
            $"BackupFunctions answered 424: {run.Body("List_customers")!["detail"]}",
            run.Error!.Value.Message
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_path_that_is_not_allowed_ends_the_run_in_words(string flow)
    {
        var run = new FlowRun(_client, host.Url);

        await run.RunAsync(FlowSample.ByName[flow].Of("backupnet", "/v1/%252e%252e/customers"));

        Assert.Equal("urn:backupfunctions:problem:invalid-parameter", run.Error!.Value.Code);
        Assert.Contains("dot segment", run.Error!.Value.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string> BareReplies { get; } =
    [
        .. FlowSample.ByName.Keys.SelectMany(flow =>
            HostFixture.BareReplies.Select(one => (flow, one.Status, one.Reason))
        ),
    ];

    [Theory]
    [MemberData(nameof(BareReplies))]
    public async Task A_bare_refusal_of_the_platform_ends_the_run_with_what_it_means(
        string flow,
        int status,
        string reason
    )
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(status);
        var run = new FlowRun(_client, app.Url);

        await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(("no-answer", $"BackupFunctions answered {status}: {reason}"), run.Error!.Value);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_page_in_the_apps_place_ends_the_run_with_its_status(string flow)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersPage(503);
        var run = new FlowRun(_client, app.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(
            ("Failed", ("no-answer", "BackupFunctions answered 503: it gave no reason.")),
            (status, run.Error!.Value)
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_second_401_of_the_vendor_ends_the_run_and_says_whose_it_is(string flow)
    {
        host.BackupNet.Faults.Add("api", Fault.Status(401), times: 2);

        await AssertVendorEndsAsync(flow, 401);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task An_error_of_the_vendor_ends_the_run_and_says_whose_it_is(string flow)
    {
        host.BackupNet.Faults.Add("api", Fault.Status(500), times: 1);

        await AssertVendorEndsAsync(flow, 500);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_page_of_the_vendor_ends_the_run_and_says_whose_it_is(string flow)
    {
        host.BackupNet.Faults.Add("api", Fault.Html(502), times: 1);

        await AssertVendorEndsAsync(flow, 502);
    }

    private async Task AssertVendorEndsAsync(string flow, int answered)
    {
        var run = new FlowRun(_client, host.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        host.BackupNet.Faults.Clear();
        Assert.Equal(
            ("Failed", ("vendor", $"backup.net answered {answered}: the outputs of List customers show what it says.")),
            (status, run.Error!.Value)
        );
    }

    public void Dispose() => _client.Dispose();
}
