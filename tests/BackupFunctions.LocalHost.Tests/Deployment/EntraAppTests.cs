using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>The app registration that <c>infra/entra-app.sh</c> and <c>infra/entra-app.ps1</c> make.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EntraAppTests : IDisposable
{
    private readonly EntraAppRun _run = new();

    public static TheoryData<string> Scripts { get; } = new("entra-app.sh", "entra-app.ps1");

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task The_first_run_makes_a_registration_that_needs_nothing_more(string script)
    {
        await _run.RunAsync(script);

        var app = _run.Application;
        Assert.Equal((0, $"{app["appId"]}"), (_run.ExitCode, _run.Output.TrimEnd()));
        Assert.Equal(
            ("BackupFunctions", "AzureADMyOrg", 2),
            ($"{app["displayName"]}", $"{app["signInAudience"]}", (int)app["api"]!["requestedAccessTokenVersion"]!)
        );
        Assert.Equal([$"api://{app["appId"]}"], Texts(app["identifierUris"]));
        Same(await RolesOfTheRepositoryAsync(), app["appRoles"]);
        var scope = Assert.Single(app["api"]!["oauth2PermissionScopes"]!.AsArray())!;
        Assert.Equal(("user_impersonation", true), ($"{scope["value"]}", (bool)scope["isEnabled"]!));
        Same(
            new JsonArray(
                Registration.Client(Registration.AzureCli, scope["id"]),
                Registration.Client(Registration.AzurePowerShell, scope["id"])
            ),
            Authorized(app)
        );
        Assert.Empty(app["web"]!["redirectUris"]!.AsArray());
        Assert.Equal(
            ($"{app["appId"]}", "WindowsAzureActiveDirectoryIntegratedApp", false),
            (
                $"{_run.ServicePrincipal["appId"]}",
                Assert.Single(Texts(_run.ServicePrincipal["tags"])),
                (bool)_run.ServicePrincipal["appRoleAssignmentRequired"]!
            )
        );
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task The_second_run_changes_nothing(string script)
    {
        string[] options = ["--name", "Backup (test)", "--app-url", "https://func-abc.azurewebsites.net"];
        await _run.RunAsync(script, options);
        var (first, state) = (_run.Output, _run.State);

        await _run.RunAsync(script, options);

        Assert.Equal((0, first), (_run.ExitCode, _run.Output));
        Same(state, _run.State);
        Assert.Contains("up to date", _run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task What_somebody_else_added_stays(string script)
    {
        await _run.RunAsync(script);
        var wanted = _run.Application;
        _run.Change(Registration.MakeByHand);
        var before = _run.Application;

        await _run.RunAsync(script, "--app-url", "https://func-abc.azurewebsites.net/");

        var app = _run.Application;
        Assert.Equal(
            (0, ""),
            (_run.ExitCode, _run.Errors.Contains("ERROR", StringComparison.Ordinal) ? _run.Errors : "")
        );
        Same(before["appRoles"], new JsonArray([.. Head(app["appRoles"], before["appRoles"])]));
        Assert.Equal(
            // One role by hand has no value, and Token.Read.acronis has another id.
            Texts(wanted["appRoles"], "value").Append("").Append("Token.Read.veeam.berlin").Order(),
            Texts(app["appRoles"], "value").Order()
        );
        Assert.Equal(["https://contoso.com/tokens", $"api://{app["appId"]}"], Texts(app["identifierUris"]));
        Same(before["api"]!["oauth2PermissionScopes"], app["api"]!["oauth2PermissionScopes"]);
        Same(
            new JsonArray(
                Registration.Client("another", "s1"),
                Registration.Client(Registration.AzureCli, "s2", "s1"),
                Registration.Client(Registration.AzurePowerShell, "s1")
            ),
            Authorized(app)
        );
        Assert.Equal(
            ["https://contoso.com/back", "https://func-abc.azurewebsites.net/.auth/login/aad/callback"],
            Texts(app["web"]!["redirectUris"])
        );
        Same(
            JsonNode.Parse("""{ "enableAccessTokenIssuance": true, "enableIdTokenIssuance": true }"""),
            app["web"]!["implicitGrantSettings"]
        );
        Assert.True((bool)_run.ServicePrincipal["appRoleAssignmentRequired"]!);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Roles_are_given_once(string script)
    {
        string[] options =
        [
            "--add-role",
            "Token.Read.veeam.berlin",
            "--assign",
            $"Token.Read.veeam.berlin={EntraAppRun.Identity}",
            "--assign",
            $"Connections.Read={EntraAppRun.Identity}",
        ];
        await _run.RunAsync(script, options);
        Assert.Equal(0, _run.ExitCode);
        await _run.RunAsync(script, options);

        var ids = _run.Application["appRoles"]!
            .AsArray()
            .ToDictionary(role => $"{role!["value"]}", role => $"{role!["id"]}");
        Assert.True(Guid.TryParse(ids["Token.Read.veeam.berlin"], out _));
        Assert.Equal(0, _run.ExitCode);
        Assert.Equal(
            [
                $"{EntraAppRun.Identity} {ids["Token.Read.veeam.berlin"]}",
                $"{EntraAppRun.Identity} {ids["Connections.Read"]}",
            ],
            _run.ServicePrincipal["assignments"]!.AsArray().Select(one => $"{one!["principalId"]} {one["appRoleId"]}")
        );
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Of_several_registrations_with_the_name_one_is_to_be_chosen(string script)
    {
        await _run.RunAsync(script);
        _run.Change(state =>
        {
            var other = state["applications"]![0]!.DeepClone();
            other["id"] = "other";
            other["appId"] = "3d4d7a3b-6f0c-4b86-b7f0-0d8f1c8d7e55";
            state["applications"]!.AsArray().Add(other);
        });

        await _run.RunAsync(script);
        Assert.Equal((1, ""), (_run.ExitCode, _run.Output));
        Assert.Contains("3d4d7a3b-6f0c-4b86-b7f0-0d8f1c8d7e55", _run.Errors, StringComparison.Ordinal);

        await _run.RunAsync(script, "--client-id", "3d4d7a3b-6f0c-4b86-b7f0-0d8f1c8d7e55");
        Assert.Equal((0, "3d4d7a3b-6f0c-4b86-b7f0-0d8f1c8d7e55"), (_run.ExitCode, _run.Output.TrimEnd()));
    }

    private static JsonArray Authorized(JsonNode app) => app["api"]!["preAuthorizedApplications"]!.AsArray();

    private static IEnumerable<JsonNode?> Head(JsonNode? all, JsonNode? part) =>
        all!.AsArray().Take(part!.AsArray().Count).Select(one => one!.DeepClone());

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(one => $"{one}");

    private static IEnumerable<string> Texts(JsonNode? array, string member) =>
        array!.AsArray().Select(one => $"{one![member]}");

    private static void Same(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {expected}\nand not {actual}");

    private static async Task<JsonNode?> RolesOfTheRepositoryAsync() =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(BicepCompiler.Infra, "app-roles.json")));
}
