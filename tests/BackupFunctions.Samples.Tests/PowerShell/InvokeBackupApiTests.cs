using BackupFunctions.Emulators;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>Invoke-BackupApi, where the app makes the call.</summary>
[Collection(nameof(SharedShell))]
public sealed class InvokeBackupApiTests(HostFixture host, PowerShellSession shell)
{
    [Theory]
    [InlineData("Invoke-BackupApi backupnet /v1/customers")]
    [InlineData("Get-BackupConnection backupnet | Invoke-BackupApi -Path /v1/customers")]
    public async Task The_vendors_reply_comes_as_objects(string call)
    {
        var reply = await RunAsync($$"""{{call}} | ForEach-Object { "$($_.id) $($_.name)" }""");

        Assert.Empty(reply.Errors);
        Assert.Equal(["1 Contoso"], reply.Lines);
    }

    [Theory]
    [InlineData("backupnet", "(Invoke-BackupApi backupnet /v1/customers).name", "Contoso")]
    [InlineData("veeam-vbr", "(Invoke-BackupApi veeam-vbr /api/v1/serverInfo).totalCount", "0")]
    [InlineData("druva", "$null -ne (Invoke-BackupApi druva /msp/v3/customers).customers", "True")]
    public async Task A_token_that_the_vendor_rejects_is_renewed_unseen(string vendor, string script, string expected)
    {
        var rejected = await host.RejectTokenAsync(vendor);

        var reply = await RunAsync(script);

        Assert.Empty(reply.Errors);
        Assert.Equal([expected], reply.Lines);
        Assert.NotEqual(rejected, (await host.TokenAsync(vendor)).Fingerprint);
    }

    [Fact]
    public async Task A_call_is_one_request_of_the_app_with_method_query_and_body()
    {
        await using var app = (await ScriptedApp.StartAsync()).HandsOn(200, """{"id":7}""");

        var reply = await RunAsync(
            "(Invoke-BackupApi acronis '/api/2/x?name=a b' -Connection contoso -Method PATCH -Body @{ a = 1 }).id",
            app.Url
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(["7"], reply.Lines);
        Assert.Equal("/api/Call/acronis/contoso/api/2/x?name=a%20b", Assert.Single(app.Requests).Target);
        Assert.Equal(("PATCH", """{"a":1}"""), Assert.Single(app.Sent));
    }

    [Fact]
    public async Task A_vendor_that_does_not_accept_the_second_token_is_said_to_have_answered()
    {
        var calls = host.BackupNet.Counters["api"];
        host.BackupNet.Faults.Add("api", Fault.Status(401), times: 2);

        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers");

        host.BackupNet.Faults.Clear();
        Assert.Equal(2, host.BackupNet.Counters["api"] - calls);
        var error = Assert.Single(reply.Errors);
        Assert.Equal(("http-401,Invoke-BackupApi", "AuthenticationError"), (error.Id, error.Category));
        Assert.StartsWith(
            "GET /v1/customers of backupnet/default, answered by the vendor: The answer was 401",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_web_page_of_the_vendor_is_an_error_with_its_status()
    {
        host.BackupNet.Faults.Add("api", Fault.Html(502), times: 1);

        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers");

        host.BackupNet.Faults.Clear();
        var error = Assert.Single(reply.Errors);
        Assert.Equal(("http-502,Invoke-BackupApi", "InvalidResult"), (error.Id, error.Category));
    }

    [Fact]
    public async Task A_refusal_of_the_app_is_in_its_words()
    {
        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers -Connection contoso");

        var error = Assert.Single(reply.Errors);
        Assert.Equal(
            ("unknown-connection,Invoke-BackupApi", "ObjectNotFound", "backupnet/contoso"),
            (error.Id, error.Category, error.Target)
        );
    }

    [Fact]
    public async Task A_page_in_the_apps_place_is_no_reply_of_the_vendor()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers("[]");

        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers", app.Url);

        Assert.Empty(reply.Lines);
        Assert.Equal("http-200,Invoke-BackupApi", Assert.Single(reply.Errors).Id);
    }

    [Theory]
    [InlineData("GET", 4)]
    [InlineData("POST", 1)]
    public async Task A_503_of_the_app_is_waited_out_where_repeating_does_no_harm(string method, int requests)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            503,
            "vendor-unavailable",
            "No answer.",
            retryAfter: 20,
            times: 10
        );

        var reply = await RunAsync(
            $$"""
            $global:Waits = 0
            function global:Start-Sleep($Seconds) { $global:Waits += $Seconds }
            Invoke-BackupApi backupnet /v1/jobs -Method {{method}}; $global:Waits
            """,
            app.Url
        );

        Assert.Equal([$"{(requests - 1) * 20}"], reply.Lines);
        Assert.Equal(requests, app.Requests.Count);
        Assert.StartsWith("vendor-unavailable,", Assert.Single(reply.Errors).Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backupnet '@attacker.example/'")]
    [InlineData("backupnet '/../../acronis/default/x'")]
    [InlineData("backupnet '/%2e%2e/%2E%2E/acronis/default/x'")]
    [InlineData("backupnet '/..\\..\\acronis\\default'")]
    [InlineData("'../backupnet' /x")]
    [InlineData("backupnet /x -Connection '../../acronis'")]
    public async Task A_path_that_leads_to_another_connection_is_not_called(string arguments)
    {
        await using var app = (await ScriptedApp.StartAsync()).HandsOn(200, "[]");

        var reply = await RunAsync($"Invoke-BackupApi {arguments}", app.Url);

        Assert.Single(reply.Errors);
        Assert.Empty(app.Requests);
    }

    private Task<PowerShellReply> RunAsync(string script, string? url = null) =>
        shell.RunAsync($"$env:BACKUP_FUNCTIONS_KEY = $null\n$env:BACKUP_FUNCTIONS_URL = '{url ?? host.Url}'\n{script}");
}
