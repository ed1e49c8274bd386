using System.Text;
using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using NetArchTest.Rules;

namespace BackupFunctions.Core.Tests.Check;

public sealed class CheckRunnerTests
{
    [Fact]
    public async Task Two_checks_report_the_same_findings_in_the_same_order()
    {
        await using var world = await CheckWorld.StartAsync();

        var first = await world.LookAsync();
        var second = await world.LookAsync();

        Assert.Equal(first.Findings, second.Findings);
        Assert.Equal(Enum.GetValues<CheckGroup>(), first.Groups.Select(group => group.Group));
        Assert.Equal(
            VendorProfiles.BuiltIn.Select(profile => $"{profile.Name}/default"),
            first
                .Groups.Single(group => group.Group == CheckGroup.Servers)
                .Findings.Select(finding => finding.Subject)
                .Distinct(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("Ok", "Skipped", 0)]
    [InlineData("Warning", "Skipped", 1)]
    [InlineData("Warning", "Error", 2)]
    public void The_worst_finding_determines_the_exit_status_and_skipped_checks_do_not_count(
        string one,
        string other,
        int exitStatus
    )
    {
        Finding Of(string level) => new(new FindingType("any", Enum.Parse<FindingLevel>(level)), "x", "y");

        Assert.Equal(
            exitStatus,
            new CheckReport(
                default,
                default,
                [(CheckGroup.Settings, [Of(one)]), (CheckGroup.Vaults, [Of(other)])]
            ).ExitStatus
        );
    }

    [Fact]
    public async Task A_vendor_limits_the_check_to_its_own_connections()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.CheckAsync(new CheckRequest { Vendor = "BackupNet" });

        Assert.Equal(
            ["backupnet/default"],
            report
                .Findings.Select(finding => finding.Subject)
                .Where(subject => subject.Contains('/', StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
        );
        Assert.Equal(1, world.TokenRequests);
    }

    [Fact]
    public async Task No_report_contains_a_secret_a_token_or_a_response_body()
    {
        await using var world = await CheckWorld.StartAsync();
        var emulators = world.Emulators;
        const string Echo = "the-words-of-a-vendor-s-body";
        emulators.Acronis.Faults.Add(
            "token",
            Fault.Status(
                400,
                $$"""
                {"error":"invalid_client",
                "error_description":"{{Echo}} {{emulators.Credentials.AcronisClientSecret}}"}
                """,
                "application/json"
            )
        );
        emulators.AvePoint.Faults.Add("discovery", Fault.Status(200, $"<html>{Echo}</html>", "text/html"));
        emulators.Vault.Secrets.Seed([
            new EmulatedSecret(
                "connection-contoso",
                $$$"""
                {"vendor":"acronis","{{{Echo}}}":1,"connection":"contoso","settings":{},
                "credential":{"clientSecret":"{{{Echo}}}"}}
                """,
                "application/vnd.backupfunctions.connection+json"
            ),
        ]);

        var report = await world.CheckAsync();

        var text = report.Text() + Encoding.UTF8.GetString(CheckJson.Write(report));
        Assert.Equal(2, report.ExitStatus);
        Assert.DoesNotContain(Echo, text, StringComparison.Ordinal);
        Assert.All(emulators.Credentials.VaultSecrets(), secret =>
            Assert.DoesNotContain(secret.Value, text, StringComparison.Ordinal)
        );
        Assert.All(
            emulators.Vault.Secrets.Names.Where(name => name.EndsWith("token", StringComparison.Ordinal)),
            name => Assert.DoesNotContain(emulators.Vault.Secrets.Get(name)!.Value, text, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Azure")]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("BackupFunctions.KeyVault")]
    [InlineData("BackupFunctions.Storage")]
    [InlineData("BackupFunctions.Web")]
    public void Checks_depend_on_neither_Azure_nor_the_web_nor_what_implements_their_probes(string dependency)
    {
        var checks = Types
            .InAssembly(typeof(CheckRunner).Assembly)
            .That()
            .ResideInNamespaceStartingWith("BackupFunctions.Check");

        var result = checks.ShouldNot().HaveDependencyOn(dependency).GetResult();

        Assert.NotEmpty(checks.GetTypes());
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public async Task Every_vendor_has_a_sign_in_server()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.LookAsync();

        Assert.Equal(
            VendorProfiles.BuiltIn.Count,
            report.Findings.Count(finding => finding.Type.Id == "server-reached")
        );
    }
}
