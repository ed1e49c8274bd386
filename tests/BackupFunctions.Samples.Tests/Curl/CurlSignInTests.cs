using System.Runtime.Versioning;
using BackupFunctions.Samples.Tests.Serving;

namespace BackupFunctions.Samples.Tests.Curl;

/// <summary>The curl scripts at an app of Entra ID.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CurlSignInTests
{
    private const string Audience = "api://00000000-0000-0000-0000-000000000000";

    [Fact]
    public async Task A_caller_of_Entra_ID_signs_in_with_the_Azure_CLI_and_nobody_sees_the_token()
    {
        await using var app = (await ScriptedApp.StartAsync()).HandsOn(200, "[]");
        using var run = new CurlRun { Audience = Audience };

        await run.RunAsync("call-api.sh", app.Url, key: "", "-x", "backupnet", "default", "/v1/customers");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"Bearer {CurlRun.AzureToken}", Assert.Single(app.Authorizations));
        Assert.Null(Assert.Single(app.Requests).Key);
        Assert.StartsWith(
            $"account get-access-token --resource {Audience} ",
            run.AzureArguments,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(CurlRun.AzureToken, run.Arguments + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_the_app_can_be_asked_for_by_Entra_ID_too()
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(424, "signed-out", "Signed out.");
        using var run = new CurlRun { Audience = Audience };

        await run.RunAsync("get-token.sh", app.Url, key: "", "backupnet");

        Assert.Equal($"Bearer {CurlRun.AzureToken}", Assert.Single(app.Authorizations));
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_told_to()
    {
        using var run = new CurlRun { Audience = Audience, IsSignedOut = true };

        await run.RunAsync("list-customers.sh", "http://127.0.0.1:1", key: "");

        Assert.Equal((1, ""), (run.ExitCode, run.Arguments));
        Assert.Contains("sign in again: az login", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("call-api.sh")]
    [InlineData("get-token.sh")]
    public async Task A_challenge_says_which_audience_to_set(string script)
    {
        await using var app = (await ScriptedApp.StartAsync()).Answers(
            401,
            "unauthenticated",
            "Callers sign in here.",
            audience: Audience
        );

        using var run = new CurlRun();

        await run.RunAsync(script, app.Url, key: "", ["backupnet", "default", .. Path(script)]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The app answered 401: Callers sign in here.", run.Output, StringComparison.Ordinal);
        Assert.Contains($"set BACKUP_FUNCTIONS_AUDIENCE={Audience}", run.Output, StringComparison.Ordinal);
    }

    private static string[] Path(string script) => script == "call-api.sh" ? ["/v1/customers"] : [];
}
