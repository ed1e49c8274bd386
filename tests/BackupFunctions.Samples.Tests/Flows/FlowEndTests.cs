using BackupFunctions.Emulators;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>How the flows end where they cannot succeed.</summary>
public sealed class FlowEndTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private const string Key = "function-key-of-the-flows==";
    private readonly HttpClient _client = new();

    public static TheoryData<string> Flows { get; } = [.. FlowSample.ByName.Keys];

    public static TheoryData<string> HttpFlows { get; } = [nameof(FlowSample.Consumption), nameof(FlowSample.Standard)];

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_second_401_ends_the_run(string flow)
    {
        var calls = host.BackupNet.Counters["api"];
        host.BackupNet.Faults.Add("api", Fault.Status(401), times: 2);

        var status = await Run(host.Url).RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(("Failed", 2), (status, host.BackupNet.Counters["api"] - calls));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task What_an_operator_must_mend_ends_the_run_in_the_apps_words(string flow)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            424,
            "credentials-refused",
            "The vendor refuses the client."
        );
        var run = Run(app.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal("Failed", status);
        Assert.Equal(
            (
                "urn:backupfunctions:problem:credentials-refused",
                "BackupFunctions answered 424: The vendor refuses the client."
            ),
            run.Error
        );
        Assert.Single(app.Requests);
    }

    public static TheoryData<string, int, string> BareReplies { get; } =
    [
        .. FlowSample.ByName.Keys.SelectMany(flow =>
            HostFixture.BareReplies.Select(one => (flow, one.Status, one.Reason))
        ),
    ];

    [Theory]
    [MemberData(nameof(BareReplies))]
    public async Task A_bare_refusal_of_the_Functions_host_ends_the_run_with_what_it_means(
        string flow,
        int status,
        string reason
    )
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(status);
        var run = Run(app.Url);

        await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(("no-token", $"BackupFunctions answered {status}: {reason}"), run.Error!.Value);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_page_in_the_apps_place_ends_the_run_with_its_status(string flow)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersPage(503);
        var run = Run(app.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(
            ("Failed", ("no-token", "BackupFunctions answered 503: it gave no reason.")),
            (status, run.Error!.Value)
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_page_in_place_of_another_token_ends_the_run_with_its_status(string flow)
    {
        await using var vendor = (await ScriptedApp.StartAsync()).AnswersPage(401);
        await using var app = (await ScriptedApp.StartAsync())
            .Answers(
                $$"""{"authorization":"Bearer a-token-that-is-refused","base_url":"{{vendor.Url}}","fingerprint":"0123456789abcdef"}"""
            )
            .AnswersPage(502);
        var run = Run(app.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(
            ("Failed", ("no-token", "BackupFunctions answered 502: it gave no reason.")),
            (status, run.Error!.Value)
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task What_else_the_vendor_answers_ends_the_run_with_the_first_token(string flow)
    {
        host.BackupNet.Faults.Add("api", Fault.Status(500), times: 1);
        var run = Run(host.Url);

        var status = await run.RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(("Failed", ("backupnet", "backup.net answered 500.")), (status, run.Error!.Value));
    }

    [Theory]
    [MemberData(nameof(HttpFlows))]
    public async Task The_function_key_goes_along_as_a_header(string flow)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(424, "signed-out", "Signed out.");

        await Run(app.Url).RunAsync(FlowSample.ByName[flow].Definition);

        Assert.Equal(("/api/GetToken/backupnet/default?minimumLifetime=300", Key), Assert.Single(app.Requests));
    }

    public void Dispose() => _client.Dispose();

    private FlowRun Run(string url) => new(_client, url, FlowRun.Parameters(url, Key));
}
