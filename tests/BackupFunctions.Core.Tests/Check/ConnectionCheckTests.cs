using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Check;

public sealed class ConnectionCheckTests
{
    private const string ContentType = "application/vnd.backupfunctions.connection+json";

    [Fact]
    public async Task A_secret_that_fails_to_define_a_connection_is_named_with_a_remedy()
    {
        await using var world = await CheckWorld.StartAsync();
        Save(
            world,
            "connection-contoso",
            """
            {"vendor":"acronis","connection":"contoso","settings":{},
            "credential":{"clientSecret":"the-secret-of-contoso"}}
            """
        );
        SuiteLog.Guard("the-secret-of-contoso");

        var report = await world.LookAsync();

        var finding = report.Findings.First(finding => finding.Type.Id == "definition-unusable");
        Assert.Equal(("connection-contoso", FindingLevel.Error), (finding.Subject, finding.Type.Level));
        Assert.Equal("The secret connection-contoso: settings.DataCenterUrl is not set.", finding.Sentence);
        Assert.StartsWith("Give the URL of the data center", finding.Remedy!, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret-of-contoso", report.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_defined_by_a_secret_is_checked_like_any_other()
    {
        await using var world = await CheckWorld.StartAsync();
        var secret = world.Emulators.Acronis;
        Save(
            world,
            "connection-contoso",
            $$$"""
            {"vendor":"acronis","connection":"contoso",
            "settings":{"DataCenterUrl":"{{{secret.BaseAddress}}}","ClientId":"{{{secret.ClientId}}}"},
            "credential":{"clientSecret":"{{{secret.ClientSecret}}}"}}
            """
        );

        var report = await world.CheckAsync(new CheckRequest { Vendor = "acronis", Connection = "contoso" });

        Assert.Equal("0 in settings, 1 in the vault.", report.One("connections-known").Sentence);
        Assert.Equal(
            [
                "credential-good",
                "server-reached",
                "server-plain",
                "clock-good",
                "sign-in-good",
                "token-saved",
                "api-call-good",
            ],
            report.Ids("acronis/contoso")
        );
        Assert.Equal(
            "connection-contoso (clientSecret) found; no expiry date.",
            report.One("credential-good").Sentence
        );
    }

    [Fact]
    public async Task Asking_for_an_undefined_connection_is_an_error()
    {
        await using var world = await CheckWorld.StartAsync();

        var finding = (await world.CheckAsync(new CheckRequest { Vendor = "veeam", Connection = "berlin" })).One(
            "connection-unknown",
            "veeam/berlin"
        );

        Assert.Equal("Its settings begin with Connections:Veeam:berlin:.", finding.Remedy!);
    }

    [Fact]
    public async Task No_connection_at_all_is_a_warning()
    {
        await using var world = await CheckWorld.StartAsync(
            (await SettingsOfConnectionsAsync()).ToDictionary(key => key, _ => (string?)null, StringComparer.Ordinal)
        );

        var report = await world.CheckAsync();

        Assert.Equal(FindingLevel.Warning, report.One("connections-none").Type.Level);
        Assert.Equal(1, report.ExitStatus);
    }

    [Fact]
    public async Task Known_connections_are_checked_when_listing_the_vault_fails()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Faults.Add(Endpoints.List, Fault.Status(503));

        var report = await world.LookAsync();

        Assert.Equal(FindingLevel.Warning, report.One("definitions-unread").Type.Level);
        Assert.Contains("credential-good", report.Ids("acronis/default"));
    }

    private static void Save(CheckWorld world, string name, string value) =>
        world.Emulators.Vault.Secrets.Seed([new EmulatedSecret(name, value, ContentType)]);

    private static async Task<IReadOnlyList<string>> SettingsOfConnectionsAsync()
    {
        await using var suite = await EmulatorSuite.StartAsync();
        return [.. suite.ClientSettings().Keys.Where(key => key.StartsWith("Connections:", StringComparison.Ordinal))];
    }
}
