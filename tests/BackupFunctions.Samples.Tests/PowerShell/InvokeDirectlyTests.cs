using BackupFunctions.Emulators;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>Invoke-BackupApi -Direct, which calls the vendor from here.</summary>
[Collection(nameof(SharedShell))]
public sealed class InvokeDirectlyTests(HostFixture host, PowerShellSession shell)
{
    [Theory]
    [InlineData("Invoke-BackupApi backupnet /v1/customers -Direct")]
    [InlineData("Get-BackupConnection backupnet | Invoke-BackupApi -Path /v1/customers -Direct")]
    public async Task The_vendors_reply_comes_as_objects(string call)
    {
        var reply = await RunAsync($$"""{{call}} | ForEach-Object { "$($_.id) $($_.name)" }""");

        Assert.Empty(reply.Errors);
        Assert.Equal(["1 Contoso"], reply.Lines);
    }

    [Fact]
    public async Task A_token_that_the_vendor_rejects_is_replaced()
    {
        var rejected = await host.RejectTokenAsync();

        var reply = await RunAsync("(Invoke-BackupApi backupnet /v1/customers -Direct).name");

        Assert.Empty(reply.Errors);
        Assert.Equal(["Contoso"], reply.Lines);
        Assert.NotEqual(rejected, (await host.TokenAsync()).Fingerprint);
    }

    [Fact]
    public async Task A_vendor_that_needs_a_header_gets_it()
    {
        var reply = await RunAsync("(Invoke-BackupApi veeam-vbr /api/v1/serverInfo -Direct).totalCount");

        Assert.Empty(reply.Errors);
        Assert.Equal(["0"], reply.Lines);
    }

    [Fact]
    public async Task A_token_that_the_vendor_answers_with_403_is_replaced()
    {
        var rejected = await host.RejectTokenAsync("druva");

        var reply = await RunAsync("$null -ne (Invoke-BackupApi druva /msp/v3/customers -Direct).customers");

        Assert.Empty(reply.Errors);
        Assert.Equal(["True"], reply.Lines);
        Assert.NotEqual(rejected, (await host.TokenAsync("druva")).Fingerprint);
    }

    [Fact]
    public async Task An_older_app_names_no_header_and_no_status_but_401_counts()
    {
        await using var vendor = (await ScriptedApp.StartAsync()).AnswersNothingBut(401).Answers("[]");
        var token =
            $$"""{"vendor":"backupnet","connection":"default","token_type":"Bearer","access_token":"a-token-of-the-script","expires_at":"2026-11-22T13:05:12Z","base_url":"{{vendor.Url}}","fingerprint":"0123456789abcdef"}""";
        await using var app = (await ScriptedApp.StartAsync()).Answers(token).Answers(token);

        var reply = await shell.RunAsync(
            $"$env:BACKUP_FUNCTIONS_URL = '{app.Url}'\nInvoke-BackupApi backupnet /v1/customers -Direct"
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(2, vendor.Requests.Count);
    }

    [Fact]
    public async Task A_second_401_is_an_error()
    {
        var calls = host.BackupNet.Counters["api"];
        host.BackupNet.Faults.Add("api", Fault.Status(401), times: 3);

        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers -Direct");

        host.BackupNet.Faults.Clear();
        Assert.Equal(2, host.BackupNet.Counters["api"] - calls);
        var error = Assert.Single(reply.Errors);
        Assert.Equal(("http-401,Invoke-BackupApi", "AuthenticationError"), (error.Id, error.Category));
        Assert.Equal("GET /v1/customers of backupnet/default, answered by the vendor", error.Target);
    }

    [Fact]
    public async Task A_web_page_in_place_of_an_api_is_an_error_with_its_status()
    {
        host.BackupNet.Faults.Add("api", Fault.Html(502), times: 1);

        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers -Direct");

        var error = Assert.Single(reply.Errors);
        Assert.Equal(("http-502,Invoke-BackupApi", "InvalidResult"), (error.Id, error.Category));
    }

    [Fact]
    public async Task No_token_is_an_error_of_the_call()
    {
        var reply = await RunAsync("Invoke-BackupApi backupnet /v1/customers -Direct -Connection contoso");

        Assert.StartsWith("unknown-connection,", Assert.Single(reply.Errors).Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_whose_address_nobody_set_is_not_called()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            """{"vendor":"backupnet","connection":"default","token_type":"Bearer","access_token":"a-token-without-an-address","authorization":"Bearer a-token-without-an-address","base_url":null,"expires_at":"2026-11-22T13:05:12Z","fingerprint":"0123456789abcdef"}"""
        );

        var reply = await shell.RunAsync(
            $"$env:BACKUP_FUNCTIONS_URL = '{app.Url}'\nInvoke-BackupApi backupnet /v1/customers -Direct"
        );

        Assert.Equal(
            "Where the API of backupnet/default is, is not known: set ApiUrl of this connection in the app.",
            Assert.Single(reply.Errors).Message
        );
        Assert.Single(app.Requests);
    }

    [Fact]
    public async Task A_token_goes_to_the_vendor_alone()
    {
        var calls = host.BackupNet.Counters.Total;

        var reply = await RunAsync("Invoke-BackupApi backupnet '@attacker.example/' -Direct");

        Assert.Contains("Path", Assert.Single(reply.Errors).Message, StringComparison.Ordinal);
        Assert.Equal(calls, host.BackupNet.Counters.Total);
    }

    private Task<PowerShellReply> RunAsync(string script) =>
        shell.RunAsync($"$env:BACKUP_FUNCTIONS_URL = '{host.Url}'\n{script}");
}
