using BackupFunctions.Benchmarks.Processes;
using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Sweeps;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Benchmarks;

/// <summary>The service with many Acronis connections; its vault and vendor run in another process.</summary>
internal sealed class FarService : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private FarService(ServiceProvider services)
    {
        _services = services;
        var directory = services.GetRequiredService<ConnectionDirectory>();
        Acronis = directory.FindVendor("acronis")!;
        Connections = directory.Of(Acronis);
        Sweep = services.GetRequiredService<RefreshSweep>();
    }

    public VendorProfile Acronis { get; }

    public IReadOnlyList<Connection> Connections { get; }

    public RefreshSweep Sweep { get; }

    public static FarService Create(EmulatorProcess.Addresses emulators, int connections, TimeProvider? time = null)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["KeyVault:VaultUri"] = emulators.Vault.AbsoluteUri,
                    ["KeyVault:WritesPerTenSeconds"] = "unlimited",
                    ["KeyVault:ConnectionsInVault"] = "false",
                }
            )
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(time ?? TimeProvider.System);
        services.AddBackupTokens(settings).AddKeyVault().AddVendors();
        services.AddSingleton(provider =>
        {
            var vendors = provider.GetServices<VendorProfile>().ToList();
            var acronis = vendors.Single(vendor => vendor.Name == "acronis");
            return new ConnectionDirectory(
                vendors,
                Enumerable.Range(0, connections).Select(i => Connection(acronis, emulators, EmulatorProcess.NameOf(i)))
            );
        });
        return new FarService(services.BuildServiceProvider());
    }

    /// <summary>Makes a caller's request and writes the whole reply.</summary>
    public async Task CallAsync(Connection target)
    {
        var context = new DefaultHttpContext();
        var handlers = _services.GetRequiredService<TokenHandlers>();
        var result = await handlers.GetTokenAsync(
            context.Request,
            Acronis.Name,
            target.Key.Connection,
            CancellationToken.None
        );
        await result.ExecuteAsync(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
        {
            throw new InvalidOperationException($"{target.Key} returned {context.Response.StatusCode}.");
        }
    }

    /// <summary>The connection's token from the broker, without the handlers.</summary>
    public ValueTask<AccessToken> TokenAsync(Connection target) =>
        _services.GetRequiredService<TokenBroker>().GetAsync(target, new TokenRequest(), CancellationToken.None);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static Connection Connection(VendorProfile acronis, EmulatorProcess.Addresses emulators, string name) =>
        new()
        {
            Vendor = acronis,
            Key = new ConnectionKey("acronis", name),
            BaseUrl = emulators.Acronis,
            Server = emulators.Acronis,
            ClientId = emulators.ClientId,
            Credential = new CredentialName($"acronis-{name}-client-secret"),
            TokenSecretName = $"acronis-{name}-access-token",
        };
}
