using System.Text.Json;

namespace BackupFunctions.LocalHost.Tests.Deployment.Resources;

/// <summary>What keeps data and service: copies, locks, and the way an update is made.</summary>
public sealed class ProtectionTests
{
    [Theory]
    [InlineData("westeurope", "", "Standard_ZRS")]
    [InlineData("West Europe", "", "Standard_ZRS")]
    [InlineData("germanynorth", "", "Standard_LRS")]
    [InlineData("westeurope", "Standard_LRS", "Standard_LRS")]
    [InlineData("northeurope", "Standard_GZRS", "Standard_GZRS")]
    public async Task Storage_is_copied_across_zones_where_the_region_has_them(string region, string given, string sku)
    {
        var deployment = await AzureDeployment.OfAsync(
            new Dictionary<string, object>(StringComparer.Ordinal) { ["location"] = region },
            ("ALLOW_KEYS_ONLY", "true"),
            ("STORAGE_SKU", given)
        );

        var account = Assert.Single(deployment.Of("Microsoft.Storage/storageAccounts"));
        Assert.Equal(sku, account.GetProperty("sku").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Vaults_and_storage_cannot_be_deleted_unless_that_is_said()
    {
        var locked = (await AzureDeployment.PublicAsync).Of("Microsoft.Authorization/locks").ToList();
        var unlocked = await AzureDeployment.OfAsync(("ALLOW_KEYS_ONLY", "true"), ("DELETE_LOCKS", "false"));

        Assert.All(locked, one => Assert.Equal("CanNotDelete", Properties(one).GetProperty("level").GetString()));
        Assert.Equal(
            ["kvc", "kvt", "st"],
            locked
                .Select(one => one.GetProperty("id").GetString()!.Split('/')[8])
                .Select(name => name.StartsWith("st", StringComparison.Ordinal) ? "st" : name[..3])
                .Order(StringComparer.Ordinal)
        );
        Assert.Empty(unlocked.Of("Microsoft.Authorization/locks"));
    }

    [Fact]
    public async Task An_update_restarts_all_instances_unless_batches_are_asked_for()
    {
        var rolling = await AzureDeployment.OfAsync(
            ("ALLOW_KEYS_ONLY", "true"),
            ("SITE_UPDATE_STRATEGY", "RollingUpdate")
        );

        Assert.Equal("Recreate", StrategyOf(await AzureDeployment.PublicAsync));
        Assert.Equal("RollingUpdate", StrategyOf(rolling));
    }

    private static string? StrategyOf(AzureDeployment deployment) =>
        Properties(deployment.App)
            .GetProperty("functionAppConfig")
            .GetProperty("siteUpdateStrategy")
            .GetProperty("type")
            .GetString();

    private static JsonElement Properties(JsonElement resource) => resource.GetProperty("properties");
}
