using BackupFunctions.Settings;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors.Acronis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Benchmarks;

/// <summary>The service of one process with many connections of Acronis, whose vault and vendor are another process's.</summary>
internal static class FarService
{
    public static ServiceProvider Create(EmulatorProcess.Addresses emulators, int connections)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["KeyVault:VaultUri"] = emulators.Vault.AbsoluteUri,
            ["KeyVault:WritesPerTenSeconds"] = "unlimited",
            ["KeyVault:ConnectionsInVault"] = "false",
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddBackupTokens(settings).AddKeyVault().AddVendors();
        services.AddSingleton(provider =>
        {
            var vendors = provider.GetServices<IVendor>().ToList();
            var acronis = vendors.Single(vendor => vendor.Name == "acronis");
            return new ConnectionDirectory(
                vendors,
                Enumerable.Range(0, connections).Select(i => new VendorConnection(acronis, Connection(emulators, EmulatorProcess.NameOf(i)))),
                new Dictionary<string, RefreshSchedule>());
        });
        return services.BuildServiceProvider();
    }

    /// <summary>Its connections, by name.</summary>
    public static IReadOnlyList<VendorConnection> ConnectionsOf(IServiceProvider services)
    {
        var directory = services.GetRequiredService<ConnectionDirectory>();
        return directory.Of(directory.FindVendor("acronis")!);
    }

    private static AcronisConnection Connection(EmulatorProcess.Addresses emulators, string name) => new()
    {
        Key = new ConnectionKey("acronis", name),
        BaseUrl = emulators.Acronis,
        DataCenterUrl = emulators.Acronis,
        ClientId = emulators.ClientId,
        ClientSecret = new CredentialName($"acronis-{name}-client-secret"),
        TokenSecretName = $"acronis-{name}-access-token",
    };
}
