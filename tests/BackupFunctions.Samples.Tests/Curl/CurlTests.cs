using System.Runtime.Versioning;
using System.Text.Json;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Curl;

[UnsupportedOSPlatform("windows")]
public sealed class CurlTests(HostFixture host) : IClassFixture<HostFixture>, IDisposable
{
    private const string Key = "function-key-of-the-curl-sample==";
    private readonly CurlRun _run = new();

    [Fact]
    public async Task A_token_is_told_of_and_not_shown()
    {
        await _run.RunAsync("get-token.sh", host.Url, Key, "backupnet");

        var (token, fingerprint) = await host.TokenAsync();
        Assert.Equal(0, _run.ExitCode);
        Assert.Contains(
            "vendor: backupnet\nconnection: default\nexpires_at: 20",
            _run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"base_url: {host.BackupNet.BaseAddress.AbsoluteUri.TrimEnd('/')}\nfingerprint: {fingerprint}",
            _run.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(token, _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_saved_for_its_owner_alone_as_curl_takes_it()
    {
        await File.WriteAllTextAsync(_run.File("token.curl").FullName, "An older one, for everybody.");

        await _run.RunAsync("get-token.sh", host.Url, Key, "backupnet", "default", "token.curl");

        var saved = _run.File("token.curl");
        Assert.Equal(
            $"header = \"Authorization: Bearer {(await host.TokenAsync()).Token}\"\n",
            await File.ReadAllTextAsync(saved.FullName)
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, saved.UnixFileMode);
    }

    [Fact]
    public async Task Customers_are_listed()
    {
        await _run.RunAsync("list-customers.sh", host.Url, Key);

        Assert.Equal((0, "Contoso"), (_run.ExitCode, FirstCustomer()));
    }

    [Fact]
    public async Task A_token_that_the_vendor_rejects_is_replaced_once()
    {
        var rejected = await host.RejectTokenAsync();

        await _run.RunAsync("list-customers.sh", host.Url, Key);

        Assert.Equal((0, "Contoso"), (_run.ExitCode, FirstCustomer()));
        Assert.Contains(
            $"/api/GetToken/backupnet/default?rejected={rejected}\n",
            _run.Arguments,
            StringComparison.Ordinal
        );
        Assert.NotEqual(rejected, (await host.TokenAsync()).Fingerprint);
    }

    [Fact]
    public async Task A_vendor_that_needs_a_header_gets_it()
    {
        await _run.CallAsync("veeam-vbr", "/api/v1/serverInfo", host.Url, Key);

        Assert.Equal(0, _run.ExitCode);
        Assert.Contains("\"totalCount\":0", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_vendor_answers_with_403_is_replaced()
    {
        var rejected = await host.RejectTokenAsync("druva");

        await _run.CallAsync("druva", "/msp/v3/customers", host.Url, Key);

        Assert.Equal(0, _run.ExitCode);
        Assert.Contains("\"customers\":[]", _run.Output, StringComparison.Ordinal);
        Assert.NotEqual(rejected, (await host.TokenAsync("druva")).Fingerprint);
    }

    [Fact]
    public async Task An_older_app_names_no_header_and_no_status_but_401_counts()
    {
        await using var vendor = (await ScriptedApp.StartAsync()).AnswersNothingBut(401).Answers("[]");
        var token =
            $$"""{"authorization":"Bearer a-token-of-the-script","base_url":"{{vendor.Url}}","fingerprint":"0123456789abcdef"}""";
        await using var app = (await ScriptedApp.StartAsync()).Answers(token).Answers(token);

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal((0, "[]"), (_run.ExitCode, _run.Output.Trim()));
        Assert.Equal(2, vendor.Requests.Count);
    }

    [Fact]
    public async Task Headers_are_saved_as_curl_takes_them_whatever_they_hold()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            """{"authorization":"Bearer abc","expires_at":"2026-11-22T13:05:12Z","base_url":null,"fingerprint":"0123456789abcdef","headers":{"x-a":"1, \"2\": {\\}","x-b":"3"},"rejected_statuses":[401,403]}"""
        );

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet", "default", "token.curl");

        Assert.Equal(
            """
            header = "Authorization: Bearer abc"
            header = "x-a: 1, \"2\": {\\}"
            header = "x-b: 3"

            """,
            await File.ReadAllTextAsync(_run.File("token.curl").FullName)
        );
        Assert.Contains("rejected_statuses: 401,403", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_401_is_the_end()
    {
        var calls = host.BackupNet.Counters["api"];
        host.BackupNet.Faults.Add("api", Emulators.Fault.Status(401), times: 3);

        await _run.RunAsync("list-customers.sh", host.Url, Key);

        host.BackupNet.Faults.Clear();
        Assert.Equal((1, 2), (_run.ExitCode, host.BackupNet.Counters["api"] - calls));
        Assert.Contains("/v1/customers answered 401.", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_key_nor_token_stands_on_a_command_line_or_in_a_trace()
    {
        await _run.RunAsync("list-customers.sh", host.Url, Key, "-x");

        var (token, _) = await host.TokenAsync();
        Assert.Equal(0, _run.ExitCode);
        Assert.Equal($"header = \"x-functions-key: {Key}\"\nheader = \"Authorization: Bearer {token}\"\n", _run.Input);
        Assert.All(new[] { Key, token }, secret =>
            Assert.DoesNotContain(secret, _run.Arguments + _run.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_app_is_asked_again_when_it_says()
    {
        await using var app = (await ScriptedApp.StartAsync())
            .Answers(503, "vendor-unavailable", "No answer.", retryAfter: 20)
            .Answers(503, "backing-off", "Not due.", retryAfter: 40)
            .Answers(
                """{"authorization":"Bearer abc\u002Bdef","expires_at":"2026-11-22T13:05:12Z","base_url":"https://public-api.backup.net","fingerprint":"0123456789abcdef"}"""
            );

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet", "default", "token.curl");

        Assert.Equal(0, _run.ExitCode);
        Assert.Equal([20, 40], _run.Waits);
        Assert.Equal(
            "header = \"Authorization: Bearer abc+def\"\n",
            await File.ReadAllTextAsync(_run.File("token.curl").FullName)
        );
        Assert.All(app.Requests, request => Assert.Equal(Key, request.Key));
    }

    [Theory]
    [InlineData(20, 3)]
    [InlineData(900, 0)]
    public async Task The_app_is_not_asked_for_ever(int retryAfter, int waits)
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
            "No token of backupnet/default. The app answered 503: The vendor does not answer.",
            _run.Output,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<int, string> BareReplies { get; } = [.. HostFixture.BareReplies];

    [Theory]
    [MemberData(nameof(BareReplies))]
    public async Task A_bare_refusal_of_the_Functions_host_is_explained(int status, string reason)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(status);

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains(
            $"No token of backupnet/default. The app answered {status}: {reason}",
            _run.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_an_operator_must_mend_is_not_tried_again()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            424,
            "credentials-refused",
            "The vendor's server refuses the client.",
            times: 5
        );

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal((1, 1), (_run.ExitCode, app.Requests.Count));
        Assert.Contains(
            "The app answered 424: The vendor's server refuses the client.",
            _run.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_page_in_the_apps_place_is_no_token()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            "<html><body>Sign in to the network first.</body></html>"
        );

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet", "default", "token.curl");

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains("No token of backupnet/default. The app answered 200", _run.Output, StringComparison.Ordinal);
        Assert.False(_run.File("token.curl").Exists);
    }

    [Fact]
    public async Task A_vendor_whose_address_nobody_set_is_not_called()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            """{"authorization":"Bearer a-token-without-an-address","base_url":null,"expires_at":"2026-11-22T13:05:12Z","fingerprint":"0123456789abcdef"}"""
        );

        await _run.RunAsync("list-customers.sh", app.Url, Key);

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains("set ApiUrl of this connection", _run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/customers", _run.Arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://contoso-backup.azurewebsites.net")]
    [InlineData("http://localhost:x@contoso.example")]
    [InlineData("http://127.0.0.1.contoso.example")]
    [InlineData("http://[::1].contoso.example")]
    public async Task A_key_does_not_go_out_in_the_clear(string url)
    {
        await _run.RunAsync("get-token.sh", url, Key, "backupnet");

        Assert.Equal((1, ""), (_run.ExitCode, _run.Arguments));
        Assert.Contains("it must be https", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_user_set_for_curl_does_not_count()
    {
        // It would make every call fail.
        await File.WriteAllTextAsync(_run.File(".curlrc").FullName, "proxy = \"http://127.0.0.1:1\"\n");

        await _run.RunAsync("list-customers.sh", host.Url, Key);

        Assert.Equal((0, "Contoso"), (_run.ExitCode, FirstCustomer()));
    }

    [Fact]
    public async Task A_quotation_mark_in_the_apps_words_does_not_end_them()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            """{"authorization":"","detail":"The secret \"a\\b\" is disabled.","status":424}"""
        );

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet");

        Assert.Contains("""The secret "a\b" is disabled.""", _run.Output, StringComparison.Ordinal);
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
