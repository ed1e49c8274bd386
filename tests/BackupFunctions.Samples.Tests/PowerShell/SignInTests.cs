using System.Globalization;
using BackupFunctions.Samples.Tests.Serving;
using static BackupFunctions.Samples.Tests.PowerShell.SignInScripts;

namespace BackupFunctions.Samples.Tests.PowerShell;

/// <summary>Where Connect-BackupTokens gets tokens from, and what it says where it gets none.</summary>
[Collection(nameof(SharedShell))]
public sealed class SignInTests(PowerShellSession shell)
{
    private const string Assigned = "3b8f5c1e-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("", "BACKUP_FUNCTIONS_KEY is not set. Set it, or give -Key with each command.")]
    [InlineData("$env:BACKUP_FUNCTIONS_KEY = 'wrong'", "does not accept that of BACKUP_FUNCTIONS_KEY. Set it")]
    public async Task An_app_with_function_keys_says_so(string before, string expected)
    {
        await using var app = (await ScriptedApp.StartAsync()).AnswersNothingBut(401);

        var reply = await shell.RunCleanAsync($"{before}\nConnect-BackupTokens {app.Url}");

        Assert.Equal("function-key,Connect-BackupTokens", Assert.Single(reply.Errors).Id);
        Assert.Contains(expected, Assert.Single(reply.Errors).Message, StringComparison.Ordinal);
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

        var reply = await shell.RunCleanAsync(
            $$"""
            function global:Get-AzAccessToken { [CmdletBinding()] param($ResourceUrl) throw '{{said}}' }
            Connect-BackupTokens {{app.Url}}
            """
        );

        Assert.Equal("not-signed-in,Connect-BackupTokens", Assert.Single(reply.Errors).Id);
        Assert.Contains(advice, Assert.Single(reply.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Azure_PowerShell_the_way_to_it_is_told()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync());

        var reply = await shell.RunCleanAsync($"function global:Get-Command {{ }}\nConnect-BackupTokens {app.Url}");

        Assert.Contains("Install-Module Az.Accounts", Assert.Single(reply.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "/msi/token?api-version=2019-08-01&resource=api%3A%2F%2F")]
    [InlineData(false, "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2F")]
    public async Task A_managed_identity_needs_no_Azure_PowerShell(bool isAppService, string asked)
    {
        await using var app = Keyless(await ScriptedApp.StartAsync()).Answers(List).Answers(List);
        await using var identity = (await ScriptedApp.StartAsync()).Answers(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"access_token":"{{Token}}","expires_on":"{{int.MaxValue}}"}"""
            )
        );
        var before = isAppService
            ? $"$env:IDENTITY_ENDPOINT = '{identity.Url}/msi/token'; $env:IDENTITY_HEADER = 'x'"
            : $"$env:AZURE_POD_IDENTITY_AUTHORITY_HOST = '{identity.Url}'";

        var reply = await shell.RunCleanAsync(
            $"{before}\n(Connect-BackupTokens {app.Url} -Identity -ClientId {Assigned}).SignIn\n"
                + "$null = Get-BackupConnection"
        );

        Assert.Empty(reply.Errors);
        Assert.Equal(["ManagedIdentity"], reply.Lines);
        var request = Assert.Single(identity.Requests).Target;
        Assert.StartsWith(asked, request, StringComparison.Ordinal);
        Assert.EndsWith($"&client_id={Assigned}", request, StringComparison.Ordinal);
        Assert.Equal([null, $"Bearer {Token}", $"Bearer {Token}"], app.Authorizations);
    }

    [Fact]
    public async Task Where_there_is_no_managed_identity_it_is_said_so()
    {
        await using var app = Keyless(await ScriptedApp.StartAsync());

        var reply = await shell.RunCleanAsync(
            $"$env:AZURE_POD_IDENTITY_AUTHORITY_HOST = 'http://127.0.0.1:1'\nConnect-BackupTokens {app.Url} -Identity"
        );

        Assert.Equal("no-identity,Connect-BackupTokens", Assert.Single(reply.Errors).Id);
    }
}
