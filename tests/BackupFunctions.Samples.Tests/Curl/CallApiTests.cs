using System.Runtime.Versioning;
using System.Text.Json;
using BackupFunctions.Emulators;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Curl;

[UnsupportedOSPlatform("windows")]
public sealed class CallApiTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private const string Key = "function-key-of-the-curl-sample==";
    private readonly CurlRun _run = new();

    [Fact]
    public async Task Customers_are_listed_without_any_sign_in()
    {
        await _run.RunAsync("list-customers.sh", host.Url, key: "");

        Assert.Equal((0, "Contoso", ""), (_run.ExitCode, FirstCustomer(), _run.AzureArguments));
    }

    [Theory]
    [InlineData("backupnet", "/v1/customers", "Contoso")]
    [InlineData("veeam-vbr", "/api/v1/serverInfo", "\"totalCount\":0")]
    [InlineData("druva", "/msp/v3/customers", "\"customers\":[]")]
    public async Task A_token_that_the_vendor_rejects_is_renewed_unseen(string vendor, string path, string expected)
    {
        var rejected = await host.RejectTokenAsync(vendor);

        await _run.RunAsync("call-api.sh", host.Url, Key, "-x", vendor, "default", path);

        Assert.Equal(0, _run.ExitCode);
        Assert.Contains(expected, _run.Output, StringComparison.Ordinal);
        var (token, fingerprint) = await host.TokenAsync(vendor);
        Assert.NotEqual(rejected, fingerprint);
        Assert.All(new[] { Key, token }, secret =>
            Assert.DoesNotContain(secret, _run.Arguments + _run.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_follows_the_path_goes_to_curl()
    {
        await _run.RunAsync(
            "call-api.sh",
            host.Url,
            Key,
            "rubrik",
            "default",
            "/api/graphql",
            "-H",
            "Content-Type: application/json",
            "-d",
            """{"query":"{deploymentVersion}"}"""
        );

        Assert.Equal(0, _run.ExitCode);
        Assert.Contains("deploymentVersion", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_vendor_is_shown_and_said_to_be_the_vendors()
    {
        host.BackupNet.Faults.Add("api", Fault.Status(500), times: 1);

        await _run.RunAsync("list-customers.sh", host.Url, Key);

        host.BackupNet.Faults.Clear();
        Assert.Equal(1, _run.ExitCode);
        Assert.Contains("backupnet/default: the vendor answered 500.", _run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 3)]
    [InlineData(900, 0)]
    public async Task The_app_is_asked_again_when_it_says_and_not_for_ever(int retryAfter, int waits)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            503,
            "vendor-unavailable",
            "The vendor does not answer.",
            retryAfter,
            times: 10
        );

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal(1, _run.ExitCode);
        Assert.Equal(Enumerable.Repeat(retryAfter, waits), _run.Waits);
        Assert.Equal(waits + 1, app.Requests.Count);
        Assert.Contains(
            "No reply of backupnet/default. The app answered 503: The vendor does not answer.",
            _run.Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(503, "-X", "POST")]
    [InlineData(503, "-d", "{}")]
    public async Task What_may_have_been_done_is_not_done_again(int status, params string[] arguments)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(status, "backing-off", "No.", retryAfter: 1);

        await _run.RunAsync("call-api.sh", app.Url, Key, ["backupnet", "default", "/v1/jobs", .. arguments]);

        Assert.Equal((1, 1, "POST"), (_run.ExitCode, app.Requests.Count, Assert.Single(app.Sent).Method));
    }

    [Fact]
    public async Task A_503_of_the_vendor_is_the_vendors_answer()
    {
        await using var app = (await ScriptedApp.StartAsync()).HandsOn(503, "Later.");

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal((1, 1), (_run.ExitCode, app.Requests.Count));
        Assert.Contains("the vendor answered 503.", _run.Output, StringComparison.Ordinal);
    }

    public static TheoryData<int, string> BareReplies { get; } = [.. HostFixture.BareReplies];

    [Theory]
    [MemberData(nameof(BareReplies))]
    public async Task A_bare_refusal_of_the_platform_is_explained(int status, string reason)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(status);

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains($"The app answered {status}: {reason}", _run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/../../acronis/default/x")]
    [InlineData("/v1/%2e%2e/x")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        await _run.RunAsync("call-api.sh", host.Url, Key, "backupnet", "default", path);

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains("The app answered 400: ", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_said_so()
    {
        await _run.RunAsync("list-customers.sh", "http://127.0.0.1:1", Key);

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains("The app answered nothing", _run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _run.Dispose();

    private string FirstCustomer() => JsonDocument.Parse(_run.Output).RootElement[0].GetProperty("name").GetString()!;
}
