using BackupFunctions.Samples.Tests.Serving;
using static BackupFunctions.Samples.Tests.PowerShell.SignInScripts;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>Connect-BackupTokens, and the commands after it.</summary>
[Collection(nameof(SharedShell))]
public sealed class ConnectTests(HostFixture host, PowerShellSession shell)
{
    [Fact]
    public async Task LocalHost_needs_no_sign_in()
    {
        var reply = await shell.RunCleanAsync(
            $"Connect-BackupTokens {host.Url} | ForEach-Object SignIn; (Invoke-BackupApi backupnet /v1/customers).name"
        );

        Assert.Equal(["None", "Contoso"], reply.Lines);
        Assert.Empty(reply.Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_app_names_the_audience_and_Azure_PowerShell_gives_the_token(bool isNew)
    {
        await using var app = Keyless(await ScriptedApp.StartAsync())
            .Answers(List)
            .Answers(List)
            .HandsOn(200, """{"id":7}""");

        var reply = await shell.RunCleanAsync(
            $$"""
            {{(isNew ? NewAz : OldAz)}}
            $app = Connect-BackupTokens {{app.Url}} -Verbose; $app.SignIn; $app.Audience
            Get-BackupConnection | ForEach-Object Vendor
            (Invoke-BackupApi acronis /x).id
            $global:Asked
            """
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(["AzurePowerShell", Audience, "acronis", "7", Audience], reply.Lines);
        Assert.Equal([null, $"Bearer {Token}", $"Bearer {Token}", $"Bearer {Token}"], app.Authorizations);
        Assert.DoesNotContain(
            Token,
            string.Concat([.. reply.Lines, reply.Display, .. reply.Verbose]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_token_that_ends_soon_is_asked_for_again()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(List).Answers(List);

        var reply = await shell.RunCleanAsync(
            $"{NewAz.Replace("MaxValue", "MinValue", StringComparison.Ordinal)}\n"
                + $"$null = Connect-BackupTokens {app.Url}; $null = Get-BackupConnection; $global:Asked.Count"
        );

        Assert.Equal(["2"], reply.Lines);
    }

    [Fact]
    public async Task Whoever_may_not_list_connections_is_signed_in_too()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(403, "forbidden", "Connections.Read.");

        var reply = await shell.RunCleanAsync($"{NewAz}\n(Connect-BackupTokens {app.Url}).Audience");

        Assert.Empty(reply.Errors);
        Assert.Equal([Audience], reply.Lines);
    }

    [Fact]
    public async Task An_audience_that_is_given_goes_before_the_apps()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(List);

        var reply = await shell.RunCleanAsync(
            $"{NewAz}\n(Connect-BackupTokens {app.Url} -Audience api://mine).Audience"
        );

        Assert.Equal(["api://mine"], reply.Lines);
    }

    [Theory]
    [InlineData("https://management.azure.com/")]
    [InlineData("api://contoso/x")]
    public async Task A_server_gets_no_token_for_anything_but_an_apps_registration(string audience)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            401,
            "unauthenticated",
            "No.",
            audience: audience
        );

        var reply = await shell.RunCleanAsync($"{NewAz}\nConnect-BackupTokens {app.Url}");

        Assert.Contains("give -Audience", Assert.Single(reply.Errors).Message, StringComparison.Ordinal);
        Assert.Equal([null], app.Authorizations);
    }

    [Fact]
    public async Task The_token_goes_to_the_app_that_is_connected_alone_and_Disconnect_forgets_it()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(List);
        await using var other = (await ScriptedApp.StartAsync()).Answers(List).Answers(List);

        var reply = await shell.RunCleanAsync(
            $$"""
            {{NewAz}}
            $null = Connect-BackupTokens {{app.Url}}
            $null = Get-BackupConnection -AppUrl {{other.Url}}
            Disconnect-BackupTokens
            $null = Get-BackupConnection -AppUrl {{other.Url}}
            Get-BackupConnection
            """
        );

        Assert.Equal([null, null], other.Authorizations);
        Assert.Contains("Connect-BackupTokens", Assert.Single(reply.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_before_it_says_what_is_missing()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync());

        var reply = await shell.RunCleanAsync($"Get-BackupToken acronis -AppUrl {app.Url}");

        Assert.EndsWith(
            "Use Connect-BackupTokens first.",
            Assert.Single(reply.Errors).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_function_key_in_the_environment_is_enough_where_it_is_right()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(List);

        var reply = await shell.RunCleanAsync(
            $"$env:BACKUP_FUNCTIONS_KEY = 'right'\n(Connect-BackupTokens {app.Url}).SignIn"
        );

        Assert.Equal(["None"], reply.Lines);
        Assert.Equal("right", Assert.Single(app.Requests).Key);
    }
}
