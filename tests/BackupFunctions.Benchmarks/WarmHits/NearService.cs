using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;
using BackupFunctions.Vendors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>A broker with every connection's token in memory; vault and vendor are in this process.</summary>
internal sealed class NearService : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private NearService(ServiceProvider services, IReadOnlyList<VendorConnection> connections)
    {
        _services = services;
        Broker = services.GetRequiredService<TokenBroker>();
        Connections = connections;
    }

    public TokenBroker Broker { get; }

    public IReadOnlyList<VendorConnection> Connections { get; }

    public static async Task<NearService> StartAsync(int connections)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("KeyVault:VaultUri", (string?)"https://near.vault.azure.net")])
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddBackupTokens(settings);
        services.AddSingleton<IVendor, NearVendor>();
        services.AddSingleton<ITokenStore, NoTokenStore>();
        services.AddSingleton<ICredentialSource, NoCredentials>();
        services.AddSingleton(provider =>
        {
            var vendor = provider.GetRequiredService<IVendor>();
            return new ConnectionDirectory(
                [vendor],
                Enumerable.Range(0, connections).Select(i => new VendorConnection(vendor, new NearConnection(i))),
                new Dictionary<string, RefreshSchedule>()
            );
        });
        var provider = services.BuildServiceProvider();
        var directory = provider.GetRequiredService<ConnectionDirectory>();
        var service = new NearService(provider, directory.Of(provider.GetRequiredService<IVendor>()));
        foreach (var target in service.Connections)
        {
            await service.Broker.GetAsync(target, new TokenRequest(), CancellationToken.None);
        }

        return service;
    }

    /// <summary>Returns the token from memory; throws if it is not there.</summary>
    public AccessToken Hit(VendorConnection target)
    {
        return AtOnce(Broker.GetAsync(target, new TokenRequest(), CancellationToken.None));

        static AccessToken AtOnce(ValueTask<AccessToken> call) =>
            call.IsCompletedSuccessfully
                ? call.Result
                : throw new InvalidOperationException("The token was not in memory.");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
