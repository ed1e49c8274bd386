using System.Globalization;
using BackupFunctions.Samples.Tests.Serving;
using BackupFunctions.Testing;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>Connect-BackupTokens, and the commands after it.</summary>
[Collection(nameof(SharedShell))]
public sealed class ConnectTests(HostFixture host, PowerShellSession shell)
{
    private const string Audience = "api://00000000-0000-0000-0000-000000000000";
    private const string Connections = """{"connections":[{"vendor":"acronis","connection":"default"}]}""";
    private static readonly string Token = SuiteLog.Guard("token-of-entra-id-for-powershell");

    /// <summary>Both kinds of Get-AzAccessToken: of versions before 5 of Az.Accounts, and since.</summary>
    private static readonly string OldAz = Az($"'{Token}'");
    private static readonly string NewAz = Az($"([System.Net.NetworkCredential]::new('', '{Token}').SecurePassword)");

    [Fact]
    public async Task LocalHost_needs_no_sign_in()
    {
        var reply = await RunAsync(
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
            .Answers(Connections)
            .Answers(Connections)
            .HandsOn(200, """{"id":7}""");

        var reply = await RunAsync(
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
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(Connections).Answers(Connections);

        var reply = await RunAsync(
            $"{NewAz.Replace("MaxValue", "MinValue", StringComparison.Ordinal)}\n"
                + $"$null = Connect-BackupTokens {app.Url}; $null = Get-BackupConnection; $global:Asked.Count"
        );

        Assert.Equal(["2"], reply.Lines);
    }

    [Fact]
    public async Task Whoever_may_not_list_connections_is_signed_in_too()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(403, "forbidden", "Connections.Read.");

        var reply = await RunAsync($"{NewAz}\n(Connect-BackupTokens {app.Url}).Audience");

        Assert.Empty(reply.Errors);
        Assert.Equal([Audience], reply.Lines);
    }

    [Fact]
    public async Task An_audience_that_is_given_goes_before_the_apps()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(Connections);

        var reply = await RunAsync($"{NewAz}\n(Connect-BackupTokens {app.Url} -Audience api://mine).Audience");

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

        var reply = await RunAsync($"{NewAz}\nConnect-BackupTokens {app.Url}");

        Assert.Contains("give -Audience", ErrorOf(reply).Message, StringComparison.Ordinal);
        Assert.Equal([null], app.Authorizations);
    }

    [Fact]
    public async Task The_token_goes_to_the_app_that_is_connected_alone_and_Disconnect_forgets_it()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(Connections);
        await using var other = (await ScriptedApp.StartAsync()).Answers(Connections).Answers(Connections);

        var reply = await RunAsync(
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

        var reply = await RunAsync($"Get-BackupToken acronis -AppUrl {app.Url}");

        Assert.EndsWith(
            "Use Connect-BackupTokens first.",
            Assert.Single(reply.Errors).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "BACKUP_FUNCTIONS_KEY is not set. Set it, or give -Key with each command.")]
    [InlineData("$env:BACKUP_FUNCTIONS_KEY = 'wrong'", "does not accept that of BACKUP_FUNCTIONS_KEY. Set it")]
    public async Task An_app_with_function_keys_says_so(string before, string expected)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(401);

        var reply = await RunAsync($"{before}\nConnect-BackupTokens {app.Url}");

        Assert.Equal("function-key,Connect-BackupTokens", ErrorOf(reply).Id);
        Assert.Contains(expected, ErrorOf(reply).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_key_in_the_environment_is_enough_where_it_is_right()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(Connections);

        var reply = await RunAsync($"$env:BACKUP_FUNCTIONS_KEY = 'right'\n(Connect-BackupTokens {app.Url}).SignIn");

        Assert.Equal(["None"], reply.Lines);
        Assert.Equal("right", Assert.Single(app.Requests).Key);
    }

    [Theory]
    [InlineData("No Azure account. Run Connect-AzAccount to login.", "Sign in first: Connect-AzAccount")]
    [InlineData("AADSTS65001: The user has not consented.", "Ask the app's administrator")]
    [InlineData("AADSTS500011: The resource principal was not found.", "Connect-AzAccount -Tenant")]
    [InlineData("AADSTS50105: Not assigned to a role.", "app role")]
    [InlineData("AADSTS50076: Use multi-factor authentication.", $"Connect-AzAccount -AuthScope {Audience}")]
    public async Task Whoever_gets_no_token_is_told_what_to_do(string said, string advice)
    {
        await using var app = Keyless(await ScriptedApp.StartAsync());

        var reply = await RunAsync(
            $$"""
            function global:Get-AzAccessToken { [CmdletBinding()] param($ResourceUrl) throw '{{said}}' }
            Connect-BackupTokens {{app.Url}}
            """
        );

        Assert.Equal("not-signed-in,Connect-BackupTokens", ErrorOf(reply).Id);
        Assert.Contains(advice, ErrorOf(reply).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Azure_PowerShell_the_way_to_it_is_told()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync());

        var reply = await RunAsync($"function global:Get-Command {{ }}\nConnect-BackupTokens {app.Url}");

        Assert.Contains("Install-Module Az.Accounts", ErrorOf(reply).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "/msi/token?api-version=2019-08-01&resource=api%3A%2F%2F")]
    [InlineData(false, "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2F")]
    public async Task A_managed_identity_needs_no_Azure_PowerShell(bool isAppService, string asked)
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(Connections).Answers(Connections);
        await using var identity = (await ScriptedApp.StartAsync()).Answers(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"access_token":"{{Token}}","expires_on":"{{int.MaxValue}}"}"""
            )
        );
        var before = isAppService
            ? $"$env:IDENTITY_ENDPOINT = '{identity.Url}/msi/token'; $env:IDENTITY_HEADER = 'x'"
            : $"$env:AZURE_POD_IDENTITY_AUTHORITY_HOST = '{identity.Url}'";

        var reply = await RunAsync(
            $"{before}\n(Connect-BackupTokens {app.Url} -Identity -ClientId 3b8f5c1e-0000-4000-8000-000000000001).SignIn\n"
                + "$null = Get-BackupConnection"
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(["ManagedIdentity"], reply.Lines);
        var request = Assert.Single(identity.Requests).Target;
        Assert.StartsWith(asked, request, StringComparison.Ordinal);
        Assert.EndsWith("&client_id=3b8f5c1e-0000-4000-8000-000000000001", request, StringComparison.Ordinal);
        Assert.Equal([null, $"Bearer {Token}", $"Bearer {Token}"], app.Authorizations);
    }

    [Fact]
    public async Task Where_there_is_no_managed_identity_it_is_said_so()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync());

        var reply = await RunAsync(
            $"$env:AZURE_POD_IDENTITY_AUTHORITY_HOST = 'http://127.0.0.1:1'\nConnect-BackupTokens {app.Url} -Identity"
        );

        Assert.Equal("no-identity,Connect-BackupTokens", ErrorOf(reply).Id);
    }

    /// <summary>It ends the statement, not the script.</summary>
    private static PowerShellError ErrorOf(PowerShellReply reply) => Assert.Single(reply.Errors);

    private static string Az(string token) =>
        $$"""
            $global:Asked = @()
            function global:Get-AzAccessToken {
                [CmdletBinding()] param($ResourceUrl)
                $global:Asked += $ResourceUrl
                [pscustomobject]@{ Token = {{token}}; ExpiresOn = [datetimeoffset]::MaxValue }
            }
            """;

    /// <summary>Its next answer is that of an app without keys to a caller who is not signed in.</summary>
    private static ScriptedApp Keyless(ScriptedApp app) =>
        app.Answers(401, "unauthenticated", "Callers sign in here.", audience: Audience);

    private Task<PowerShellReply> RunAsync(string script) =>
        shell.RunAsync(
            $$"""
            'URL', 'KEY' | ForEach-Object { Set-Item "env:BACKUP_FUNCTIONS_$_" $null }
            'IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'AZURE_POD_IDENTITY_AUTHORITY_HOST' | ForEach-Object { Set-Item "env:$_" $null }
            {{script}}
            """
        );
}
