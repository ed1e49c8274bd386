using BackupFunctions.Samples.Tests.Serving;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.PowerShell;

[Collection(nameof(SharedShell))]
public sealed class GetBackupTokenTests(HostFixture host, PowerShellSession shell)
{
    private const string Key = "key-in-the-environment==";

    private const string NotAdmitted =
        "It does not admit this caller. Check the audience of the sign-in, or the function key if it takes keys.";

    [Fact]
    public async Task A_token_comes_with_what_it_takes_to_use_it()
    {
        var reply = await RunAsync(
            """
            $token = Get-BackupToken backupnet
            $token.GetAuthorization(); $token.Vendor; $token.Connection; $token.BaseUrl; $token.Fingerprint
            $token.ExpiresAt -is [datetimeoffset] -and $token.ExpiresAt.Offset -eq 0 -and $token.Token -is [securestring]
            """
        );

        var (token, fingerprint) = await host.TokenAsync();
        Assert.Empty(reply.Errors);
        Assert.Equal(
            [
                $"Bearer {token}",
                "backupnet",
                "default",
                host.BackupNet.BaseAddress.AbsoluteUri.TrimEnd('/'),
                fingerprint,
                "True",
            ],
            reply.Lines
        );
    }

    [Fact]
    public async Task A_token_comes_with_all_headers_and_the_statuses_that_reject_it()
    {
        var reply = await RunAsync(
            """
            $headers = (Get-BackupToken veeam-vbr).GetHeaders()
            $headers.Keys | Sort-Object; $headers['x-api-version']; $headers['Authorization']
            "$((Get-BackupToken druva).RejectedStatuses)"
            """
        );

        var (token, _) = await host.TokenAsync("veeam-vbr");
        Assert.Empty(reply.Errors);
        Assert.Equal(["Authorization", "x-api-version", "1.2-rev1", $"Bearer {token}", "401 403"], reply.Lines);
    }

    [Theory]
    [InlineData("$token")]
    [InlineData("$token | Format-List *")]
    [InlineData("$token | Format-Table *")]
    [InlineData("\"$token\"")]
    [InlineData("$token | ConvertTo-Json")]
    [InlineData("$token | ConvertTo-Csv")]
    public async Task A_token_does_not_print(string print)
    {
        var reply = await RunAsync($"$token = Get-BackupToken backupnet -Verbose; {print} | Out-String -Width 4096");

        var (token, fingerprint) = await host.TokenAsync();
        var shown = string.Concat([.. reply.Lines, reply.Display, .. reply.Verbose]);
        Assert.Contains(fingerprint, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Get-BackupConnection | Where-Object Vendor -In acronis, avepoint, veeam | Get-BackupToken",
        "acronis/default avepoint/default veeam/default"
    )]
    [InlineData("Get-BackupConnection acronis | Get-BackupToken", "acronis/default")]
    [InlineData(
        "(Invoke-RestMethod \"$env:BACKUP_FUNCTIONS_URL/api/connections\").connections "
            + "| Get-BackupToken | Select-Object -First 2",
        "acronis/default acronis-cyberapp/default"
    )]
    [InlineData("'veeam-vb365', 'acronis' | Get-BackupToken", "veeam-vb365/default acronis/default")]
    [InlineData(
        "[pscustomobject]@{ Connection = 'DEFAULT'; Vendor = 'acronis' "
            + "}, [pscustomobject]@{ vendor = 'veeam' } | Get-BackupToken",
        "acronis/default veeam/default"
    )]
    public async Task A_pipeline_names_the_connections(string pipeline, string expected)
    {
        var reply = await RunAsync($$"""{{pipeline}} | ForEach-Object { "$($_.Vendor)/$($_.Connection)" }""");

        Assert.Empty(reply.Errors);
        Assert.Equal(expected, string.Join(' ', reply.Lines));
    }

    [Fact]
    public async Task One_connection_that_fails_leaves_the_others_of_a_pipeline_alone()
    {
        var reply = await RunAsync("'backupnet', 'nobody', 'acronis' | Get-BackupToken | ForEach-Object Vendor");

        Assert.Equal(["backupnet", "acronis"], reply.Lines);
        var error = Assert.Single(reply.Errors);
        Assert.Equal(
            ("unknown-vendor,Get-BackupToken", "ObjectNotFound", "nobody/default"),
            (error.Id, error.Category, error.Target)
        );
    }

    [Fact]
    public async Task Every_parameter_reaches_the_app_and_the_key_is_a_header()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(400, "invalid-parameter", "No.", times: 2);

        await RunAsync(
            "Get-BackupToken acronis contoso -MinimumLifetime 0 -Rejected 0123456789abcdef -Tenant "
                + "3b8f5c1e-0000-4000-8000-000000000001 -Refresh",
            app.Url
        );
        await RunAsync(
            "Get-BackupToken veeam -Key ([System.Net.NetworkCredential]::new('', 'key-of-the-call').SecurePassword)",
            app.Url
        );

        Assert.Equal(
            [
                (
                    "/api/GetToken/acronis/contoso?minimumLifetime=0&rejected=0123456789abcdef&tenant=3b8f5c1e-0000-4000-8000-000000000001&refresh=true",
                    Key
                ),
                ("/api/GetToken/veeam/default", "key-of-the-call"),
            ],
            app.Requests
        );
    }

    [Theory]
    [InlineData("Get-BackupToken backupnet", 401, NotAdmitted)]
    [InlineData(
        "Get-BackupToken backupnet",
        404,
        "There is no such function at this address. Check the app's address and the vendor's name."
    )]
    [InlineData("Get-BackupConnection", 401, NotAdmitted)]
    [InlineData("Get-BackupToken backupnet", 500, "There is no explanation with it.")]
    public async Task A_bare_refusal_of_the_Functions_host_is_explained(string command, int status, string reason)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(status);

        var reply = await RunAsync(command, app.Url);

        var error = Assert.Single(reply.Errors);
        Assert.EndsWith($": The answer was {status}. {reason}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_must_mend_is_an_error_in_the_apps_words()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            424,
            "credentials-refused",
            "The vendor refuses the client.",
            times: 5
        );

        var reply = await RunAsync("Get-BackupToken backupnet contoso", app.Url);

        var error = Assert.Single(reply.Errors);
        Assert.Equal(
            ("credentials-refused,Get-BackupToken", "InvalidOperation", "backupnet/contoso"),
            (error.Id, error.Category, error.Target)
        );
        Assert.Equal("backupnet/contoso: Out of order. The vendor refuses the client.", error.Message);
        Assert.Equal("An operator must act; retrying does not help.", error.Advice);
        Assert.Equal(
            (424, "urn:backupfunctions:problem:credentials-refused", "Out of order", "The vendor refuses the client."),
            (
                error.Data.GetProperty("status").GetInt32(),
                error.Data.GetProperty("type").GetString(),
                error.Data.GetProperty("title").GetString(),
                error.Data.GetProperty("detail").GetString()
            )
        );
        Assert.Single(app.Requests);
    }

    [Fact]
    public async Task An_error_ends_a_script_that_wants_it_to()
    {
        var reply = await RunAsync("Get-BackupToken nobody -ErrorAction Stop; 'not reached'");

        Assert.Empty(reply.Lines);
        Assert.Equal("unknown-vendor,Get-BackupToken", reply.Ended!.Id);
    }

    [Theory]
    [InlineData(20, "", 3)]
    [InlineData(20, "-RetryCount 1", 1)]
    [InlineData(20, "-RetryCount 0", 0)]
    [InlineData(900, "", 0)]
    public async Task A_503_is_waited_out_as_the_app_says_and_not_for_ever(int retryAfter, string parameter, int waits)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            503,
            "vendor-unavailable",
            "No answer.",
            retryAfter,
            times: 10
        );

        var reply = await RunAsync($"Get-BackupToken backupnet {parameter}; $global:Waits", app.Url);

        Assert.Equal(Enumerable.Repeat($"{retryAfter}", waits), reply.Lines);
        Assert.Equal(waits + 1, app.Requests.Count);
        Assert.Equal(
            ("vendor-unavailable,Get-BackupToken", "ResourceUnavailable"),
            (reply.Errors[0].Id, reply.Errors[0].Category)
        );
    }

    [Fact]
    public async Task The_token_that_comes_after_a_wait_is_handed_on()
    {
        await using var app = (await ScriptedApp.StartAsync())
            .Answers(503, "backing-off", "Not due.", retryAfter: 7)
            .Answers(
                $$"""{"vendor":"backupnet","connection":"default","token_type":"Bearer","access_token":"{{SuiteLog.Guard("a-token-of-the-script")}}","expires_at":"2026-11-22T13:05:12Z","base_url":null,"fingerprint":"0123456789abcdef"}"""
            );

        var reply = await RunAsync(
            "$token = Get-BackupToken backupnet; $token.Fingerprint; $token.ExpiresAt.ToString('u'); $global:Waits",
            app.Url
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(["0123456789abcdef", "2026-11-22 13:05:12Z", "7"], reply.Lines);
    }

    [Theory]
    [InlineData("Get-BackupToken backupnet -AppUrl http://contoso-backup.azurewebsites.net", "must be https")]
    [InlineData("Get-BackupToken backupnet -AppUrl contoso-backup", "is no address")]
    [InlineData("$env:BACKUP_FUNCTIONS_URL = $null; Get-BackupToken backupnet", "BACKUP_FUNCTIONS_URL")]
    [InlineData("Get-BackupToken backupnet -AppUrl http://127.0.0.1:1", "http://127.0.0.1:1 gives no answer")]
    [InlineData("Get-BackupToken backupnet -Rejected 'x&refresh=true'", "Rejected")]
    [InlineData("Get-BackupToken '../status'", "Vendor")]
    public async Task A_call_that_cannot_be_right_says_why(string call, string why)
    {
        var reply = await RunAsync(call);

        Assert.Contains(why, (reply.Ended ?? Assert.Single(reply.Errors)).Message, StringComparison.Ordinal);
    }

    /// <summary>Start-Sleep notes how long it was told to wait, and returns.</summary>
    private Task<PowerShellReply> RunAsync(string script, string? url = null) =>
        shell.RunAsync(
            $$"""
            $env:BACKUP_FUNCTIONS_URL = '{{url ?? host.Url}}'
            $env:BACKUP_FUNCTIONS_KEY = '{{Key}}'
            $global:Waits = @()
            function global:Start-Sleep($Seconds) { $global:Waits += $Seconds }
            {{script}}
            """
        );
}
