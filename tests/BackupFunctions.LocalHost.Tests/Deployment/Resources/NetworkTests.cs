using System.Text.Json;

namespace BackupFunctions.LocalHost.Tests.Deployment.Resources;

/// <summary>The way into the app, and the way out.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task An_outbound_address_that_stays_is_the_way_out_of_the_apps_subnet()
    {
        var deployment = await AzureDeployment.OfAsync(
            ("ALLOW_KEYS_ONLY", "true"),
            ("PRIVATE_NETWORK", "true"),
            ("STATIC_OUTBOUND_ADDRESS", "true")
        );
        var address = Assert.Single(deployment.Of("Microsoft.Network/publicIPAddresses"));
        var gateway = Assert.Single(deployment.Of("Microsoft.Network/natGateways"));
        var subnets = Properties(Assert.Single(deployment.Of("Microsoft.Network/virtualNetworks")))
            .GetProperty("subnets")
            .EnumerateArray()
            .ToDictionary(subnet => subnet.GetProperty("name").GetString()!, Properties, StringComparer.Ordinal);

        Assert.Equal(
            ("Static", "Standard"),
            (
                Properties(address).GetProperty("publicIPAllocationMethod").GetString(),
                address.GetProperty("sku").GetProperty("name").GetString()
            )
        );
        Assert.Equal(
            Id(address),
            Id(Assert.Single(Properties(gateway).GetProperty("publicIpAddresses").EnumerateArray()))
        );
        Assert.Equal(Id(gateway), Id(subnets["app"].GetProperty("natGateway")));
        Assert.False(subnets["endpoints"].TryGetProperty("natGateway", out _));
    }

    [Fact]
    public async Task A_private_network_has_no_such_address_unless_it_is_asked_for() =>
        Assert.DoesNotContain((await AzureDeployment.PrivateAsync).Resources, resource =>
            resource.GetProperty("type").GetString()
                is "Microsoft.Network/natGateways"
                    or "Microsoft.Network/publicIPAddresses"
        );

    [Fact]
    public async Task An_outbound_address_without_a_private_network_is_refused() =>
        Assert.Contains(
            "set PRIVATE_NETWORK to true too",
            await AzureDeployment.RefusalAsync(("ALLOW_KEYS_ONLY", "true"), ("STATIC_OUTBOUND_ADDRESS", "true")),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Everyone_may_call_the_app_where_no_address_is_given()
    {
        var site = Properties((await AzureDeployment.PublicAsync).App).GetProperty("siteConfig");

        Assert.Equal("Allow", site.GetProperty("ipSecurityRestrictionsDefaultAction").GetString());
        Assert.Equal(0, site.GetProperty("ipSecurityRestrictions").GetArrayLength());
    }

    [Fact]
    public async Task Only_the_given_callers_and_azures_test_from_outside_may_call_the_app()
    {
        var deployment = await AzureDeployment.OfAsync(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["allowedAddresses"] = new[] { "203.0.113.0/24", "2001:db8::/32", "AzureConnectors.WestEurope" },
            },
            ("ALLOW_KEYS_ONLY", "true")
        );
        var site = Properties(deployment.App).GetProperty("siteConfig");

        Assert.Equal("Deny", site.GetProperty("ipSecurityRestrictionsDefaultAction").GetString());
        Assert.Equal(
            [
                "Allow Default 203.0.113.0/24",
                "Allow Default 2001:db8::/32",
                "Allow ServiceTag AzureConnectors.WestEurope",
                "Allow ServiceTag ApplicationInsightsAvailability",
            ],
            site.GetProperty("ipSecurityRestrictions")
                .EnumerateArray()
                .Select(rule =>
                    $"{rule.GetProperty("action")} {rule.GetProperty("tag")} {rule.GetProperty("ipAddress")}"
                )
        );
        Assert.False(site.GetProperty("scmIpSecurityRestrictionsUseMain").GetBoolean());
    }

    private static JsonElement Properties(JsonElement resource) => resource.GetProperty("properties");

    private static string? Id(JsonElement resource) => resource.GetProperty("id").GetString();
}
