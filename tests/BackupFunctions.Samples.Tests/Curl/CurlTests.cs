using System.Runtime.Versioning;
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

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet");

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

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet");

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

        await _run.RunAsync("get-token.sh", app.Url, Key, "backupnet");

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

        await _run.RunAsync("get-token.sh", host.Url, Key, "backupnet");

        Assert.Equal(0, _run.ExitCode);
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
        await _run.RunAsync("get-token.sh", "http://127.0.0.1:1", Key, "backupnet");

        Assert.Equal(1, _run.ExitCode);
        Assert.Contains("The app answered nothing", _run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _run.Dispose();
}
