using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using BackupFunctions.Connections;
using BackupFunctions.Renewal;
using BackupFunctions.Sweeps;
using BackupFunctions.Testing;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>What a deployment makes, evaluated without Azure.</summary>
public sealed partial class DeploymentTests
{
    /// <summary>The time limit of a pattern, in milliseconds.</summary>
    private const int Patience = 1000;

    [Fact]
    public async Task Storage_and_telemetry_use_no_keys()
    {
        var deployment = await AzureDeployment.PublicAsync;
        var vaults = deployment.Of("Microsoft.KeyVault/vaults").Select(Properties).ToList();

        Assert.False(
            Properties(Assert.Single(deployment.Of("Microsoft.Storage/storageAccounts")))
                .GetProperty("allowSharedKeyAccess")
                .GetBoolean()
        );
        Assert.True(
            Properties(Assert.Single(deployment.Of("Microsoft.Insights/components")))
                .GetProperty("DisableLocalAuth")
                .GetBoolean()
        );
        Assert.Equal(2, vaults.Count);
        Assert.All(vaults, vault => Assert.True(vault.GetProperty("enableRbacAuthorization").GetBoolean()));
        Assert.All(vaults, vault => Assert.True(vault.GetProperty("enablePurgeProtection").GetBoolean()));
        Assert.DoesNotContain("listKeys", (await Template.GetAsync()).Text, StringComparison.OrdinalIgnoreCase);
        Assert.All(deployment.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy =>
            Assert.False(Properties(policy).GetProperty("allow").GetBoolean())
        );
    }

    [Fact]
    public async Task A_private_network_is_the_only_way_to_vaults_and_storage()
    {
        var open = await AzureDeployment.PublicAsync;
        var closed = await AzureDeployment.PrivateAsync;

        Assert.Equal(["Enabled Allow", "Enabled Allow", "Enabled Allow"], Doors(open));
        Assert.Equal(["Disabled Deny", "Disabled Deny", "Disabled Deny"], Doors(closed));
        Assert.Empty(open.Of("Microsoft.Network/privateEndpoints"));
        Assert.Equal(
            ["blob", "queue", "table", "vault", "vault"],
            closed.Of("Microsoft.Network/privateEndpoints").Select(GroupOf).Order(StringComparer.Ordinal)
        );
        Assert.Equal(4, closed.Of("Microsoft.Network/privateDnsZones").Count());
        Assert.Equal(4, closed.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        var zones = closed.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Select(ZoneOf).ToList();
        Assert.Equal(5, zones.Count);
        Assert.All(zones, zone =>
            Assert.Contains(
                zone.Group == "vault" ? ".vaultcore." : $"'privatelink.{zone.Group}.",
                zone.Id,
                StringComparison.Ordinal
            )
        );
        Assert.EndsWith("/subnets/app", SubnetOf(closed), StringComparison.Ordinal);
        Assert.Null(SubnetOf(open));
    }

    [Fact]
    public async Task Operators_write_credentials_and_readers_read_tokens()
    {
        var assignments = (await AzureDeployment.HundredAsync).Of("Microsoft.Authorization/roleAssignments").ToList();

        Assert.Equal(["kvc", "kvc"], ScopesOf(HundredConnections.Operator, assignments));
        Assert.Equal(["kvt"], ScopesOf(HundredConnections.Reader, assignments));
    }

    [Fact]
    public async Task Who_is_to_be_told_is_told_by_every_alert()
    {
        var told = await AzureDeployment.EntraAsync;

        Assert.Single(told.Of("Microsoft.Insights/actionGroups"));
        Assert.All(told.Of("Microsoft.Insights/scheduledQueryRules"), rule =>
            Assert.Single(Properties(rule).GetProperty("actions").GetProperty("actionGroups").EnumerateArray())
        );
        Assert.Empty((await AzureDeployment.PublicAsync).Of("Microsoft.Insights/actionGroups"));
        Assert.Equal("alert-webhook-url", told.AppSettings["Alerts__WebhookUrlSecretName"]);
    }

    [Fact]
    public async Task The_alerts_query_what_the_app_writes()
    {
        var queries = (await AzureDeployment.PublicAsync)
            .Of("Microsoft.Insights/scheduledQueryRules")
            .SelectMany(rule => Properties(rule).GetProperty("criteria").GetProperty("allOf").EnumerateArray())
            .Select(criterion => criterion.GetProperty("query").GetString()!)
            .ToList();
        var text = string.Join('\n', queries);
        var nameInText = new Regex(
            ConnectionPattern().Match(text).Groups["pattern"].Value,
            RegexOptions.None,
            TimeSpan.FromMilliseconds(Patience)
        );
        var connection = new ConnectionKey("acronis-cyberapp", "default");

        var names = new[] { nameof(RenewalLog.Renewed), nameof(RenewalLog.RenewalFailed) }
            .Select(MessageOf)
            .Select(message =>
                nameInText
                    .Match(message.Replace("{Connection}", connection.ToString(), StringComparison.Ordinal))
                    .Groups[1]
                    .Value
            );

        Assert.Equal(10, queries.Count);
        Assert.All(names, name => Assert.Equal(connection.ToString(), name));
        Assert.Contains($"endswith \"{nameof(RefreshSweepException)}\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deployment_finds_the_function_app_by_its_tag()
    {
        var project = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "azure.yaml"));
        var service = Assert.Single(AzdService().Matches(project)).Groups["name"].Value;

        var tags = (await AzureDeployment.PublicAsync).App.GetProperty("tags");

        Assert.Equal(service, tags.GetProperty("azd-service-name").GetString());
        Assert.Equal("contoso", tags.GetProperty("azd-env-name").GetString());
    }

    private static JsonElement Properties(JsonElement resource) => resource.GetProperty("properties");

    private static IEnumerable<string> Doors(AzureDeployment deployment) =>
        deployment
            .Of("Microsoft.KeyVault/vaults")
            .Concat(deployment.Of("Microsoft.Storage/storageAccounts"))
            .Select(Properties)
            .Select(one =>
                $"{one.GetProperty("publicNetworkAccess")} {one.GetProperty("networkAcls").GetProperty("defaultAction")}"
            );

    private static string? GroupOf(JsonElement endpoint) =>
        Properties(endpoint)
            .GetProperty("privateLinkServiceConnections")[0]
            .GetProperty("properties")
            .GetProperty("groupIds")[0]
            .GetString();

    private static (string? Group, string Id) ZoneOf(JsonElement zoneGroup)
    {
        var zone = Properties(zoneGroup).GetProperty("privateDnsZoneConfigs")[0];
        return (zone.GetProperty("name").GetString(), $"{Properties(zone).GetProperty("privateDnsZoneId")}");
    }

    private static string? SubnetOf(AzureDeployment deployment) =>
        Properties(deployment.App).TryGetProperty("virtualNetworkSubnetId", out var subnet) ? subnet.GetString() : null;

    /// <summary>The first letters of the vaults on which somebody has a role.</summary>
    private static IEnumerable<string> ScopesOf(string principal, IEnumerable<JsonElement> assignments) =>
        assignments
            .Where(one => Properties(one).GetProperty("principalId").GetString() == principal)
            .Select(one => Vault().Match(one.GetProperty("id").GetString()!).Groups["name"].Value);

    private static string MessageOf(string logMethod) =>
        typeof(RenewalLog)
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.Name == logMethod)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Single()
            .Message;

    [GeneratedRegex(@"extract\(@""(?<pattern>\^Renew[^""]+)""", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex ConnectionPattern();

    [GeneratedRegex("/vaults/(?<name>[a-z]+)-", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Vault();

    [GeneratedRegex(
        @"^  (?<name>\w+):\s+project: \./src/BackupFunctions\s",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        Patience
    )]
    private static partial Regex AzdService();
}
