using System.Runtime.Versioning;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>What <c>infra/entra-app.sh</c> and <c>infra/entra-app.ps1</c> say where they cannot go on.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EntraAppRefusalTests : IDisposable
{
    private readonly EntraAppRun _run = new();

    public static TheoryData<string> Scripts => EntraAppTests.Scripts;

    private static readonly (string Name, string Value, string Sentence)[] WrongOptions =
    [
        ("--app-url", "", "takes the app's address, such as https://func-abc.azurewebsites.net, and not ''"),
        ("--app-url", "http://func-abc.azurewebsites.net", "and not 'http://func-abc.azurewebsites.net'"),
        ("--app-url", "https://func-abc.azurewebsites.net/api", "and not 'https://func-abc.azurewebsites.net/api'"),
        ("--app-url", "func-abc", "and not 'func-abc'"),
        ("--name", "x' or 1 eq 1", "takes letters, digits, spaces"),
        ("--client-id", "", "takes a UUID"),
        ("--add-role", "Token.Write.All", "takes a role for a vendor or a connection"),
        ("--assign", "Token.Read.All", "takes ROLE=OBJECT-ID"),
    ];

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Who_is_not_signed_in_is_told_to_sign_in(string script)
    {
        _run.Change(state => state["signedIn"] = false);

        await _run.RunAsync(script);

        AssertRefused("Run az login --tenant <tenant id>, and start again.");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Without_the_azure_cli_its_name_is_told(string script)
    {
        await _run.RunWithoutAzAsync(script);

        AssertRefused("the Azure CLI (az) is not installed");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Who_may_not_register_applications_is_told_which_role_may(string script)
    {
        _run.Change(state => state["mayOnlyRead"] = true);

        await _run.RunAsync(script);

        AssertRefused("The role Cloud Application Administrator may");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_wrong_option_changes_nothing(string script)
    {
        await _run.RunAllAsync(script, [.. WrongOptions.Select(option => new[] { option.Name, option.Value })]);

        Assert.Equal((1, ""), (_run.ExitCode, _run.Output));
        var lines = _run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(WrongOptions.Length, lines.Length);
        Assert.All(WrongOptions.Zip(lines), option =>
            Assert.Contains(option.First.Sentence, option.Second, StringComparison.Ordinal)
        );
        Assert.Empty(_run.State["writes"]!.AsArray());
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_registration_of_another_tenant_is_not_made_anew(string script)
    {
        await _run.RunAsync(script, "--client-id", EntraAppRun.Identity);

        AssertRefused("this tenant has no registration with the client id");
        Assert.Empty(_run.State["writes"]!.AsArray());
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_role_that_is_none_and_a_holder_that_nobody_knows_are_named(string script)
    {
        await _run.RunAsync(script, "--assign", $"Token.Read.nobody={EntraAppRun.Identity}");
        AssertRefused("the registration has no role Token.Read.nobody");

        await _run.RunAsync(script, "--assign", "Token.Read.All=11111111-2222-3333-4444-555555555555");
        AssertRefused("giving Token.Read.All to 11111111-2222-3333-4444-555555555555 failed");
    }

    [Fact]
    public async Task An_option_that_is_none_is_named()
    {
        await _run.RunAsync("entra-app.sh", "--app", "x");
        AssertRefused("there is no option --app");

        await _run.RunAsync("entra-app.sh", "--app-url");
        AssertRefused("--app-url needs a value");
    }

    private void AssertRefused(string sentence)
    {
        Assert.Equal((1, ""), (_run.ExitCode, _run.Output));
        Assert.Contains(sentence, _run.Errors, StringComparison.Ordinal);
    }
}
