using BackupFunctions.Broker;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.SignIn;
using BackupFunctions.State;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Benchmarks.WarmHits;

/// <summary>
/// The broker of one process with a token of each connection in memory: neither vault nor vendor is ever far.
/// </summary>
internal sealed class NearService : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private NearService(ServiceProvider services, IReadOnlyList<Connection> connections)
    {
        _services = services;
        Broker = services.GetRequiredService<TokenBroker>();
        Connections = connections;
    }

    public TokenBroker Broker { get; }

    public IReadOnlyList<Connection> Connections { get; }

    public static async Task<NearService> StartAsync(int connections)
    {
        var services = new ServiceCollection().AddLogging();
        AddTo(services, Enumerable.Range(0, connections).Select(NearVendor.Connection));
        var provider = services.BuildServiceProvider();
        var directory = provider.GetRequiredService<ConnectionDirectory>();
        var service = new NearService(provider, directory.Of(NearVendor.Profile));
        foreach (var target in service.Connections)
        {
            await service.Broker.GetAsync(target, new TokenRequest(), CancellationToken.None);
        }

        return service;
    }

    /// <summary>Adds the services, with no other vendor and no vault.</summary>
    public static void AddTo(IServiceCollection services, IEnumerable<Connection> connections)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("KeyVault:VaultUri", (string?)"https://near.vault.azure.net")])
            .Build();
        services.AddBackupTokens(settings);
        services.AddSingleton(NearVendor.Profile);
        services.AddSingleton<IVendorClient, NearVendor>();
        services.AddSingleton<ITokenStore, NoTokenStore>();
        services.AddSingleton<ICredentialSource, NoCredentials>();
        services.AddSingleton(new ConnectionDirectory([NearVendor.Profile], connections));
    }

    /// <summary>A warm hit, and nothing else.</summary>
    public AccessToken Hit(Connection target)
    {
        return AtOnce(Broker.GetAsync(target, new TokenRequest(), CancellationToken.None));

        static AccessToken AtOnce(ValueTask<AccessToken> call) =>
            call.IsCompletedSuccessfully ? call.Result : throw new InvalidOperationException("That was no warm hit.");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
