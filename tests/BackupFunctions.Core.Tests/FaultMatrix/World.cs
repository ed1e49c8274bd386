using System.Security.Cryptography.X509Certificates;
using BackupFunctions.Clocks;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Core.Tests.Web;
using BackupFunctions.Credentials;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Locking;
using BackupFunctions.Randomness;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.State;
using BackupFunctions.Testing;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>One vendor, the vault and a host with one connection, in one process on one test clock.</summary>
internal sealed class World : IAsyncDisposable
{
    private const int Seed = 20261122;

    // As in a host.
    private static readonly TimeSpan VaultTimeout = TimeSpan.FromSeconds(4);

    private static readonly EmulatedCredentials Credentials = EmulatedCredentials
        .Generate(new TestTime(), Seed)
        .Guarded();

    // Shared, because packing a certificate takes long.
    private static readonly IReadOnlyList<EmulatedSecret> Secrets = Credentials.VaultSecrets();

    private readonly SeededRandom _random = new(Seed) { WithoutJitter = true };
    private readonly EmulatedVault _vault;
    private ServiceProvider _host;

    /// <param name="vendor">The vendor.</param>
    /// <param name="hostAhead">How far the host's own clock is ahead; vault and vendor have the true time.</param>
    public World(string vendor, TimeSpan hostAhead = default)
    {
        Host = new SteppedTime(Time) { Ahead = hostAhead };
        var options = new EmulatorOptions
        {
            Time = Time,
            Seed = Seed,
            Credentials = Credentials,
        };
        _vault = new EmulatedVault(options, VaultTimeout);
        Vault.Secrets.Seed(Secrets);
        Vendor = vendor switch
        {
            "acronis" => new AcronisEmulator(AcronisProduct.CyberProtectCloud, options),
            "acronis-cyberapp" => new AcronisEmulator(AcronisProduct.CyberApp, options),
            "avepoint" => new AvePointEmulator(options),
            "backupnet" => new BackupNetEmulator(options),
            "veeam" => new VeeamEmulator(options),
            _ => EmulatorSuite.CreateCatalogue(options).Single(emulator => emulator.Name == vendor),
        };

        // The matrix looks at tokens ten minutes before their end, which must be inside the window of each.
        if (Vendor.TokenLifetime < TimeSpan.FromHours(1))
            Vendor.TokenLifetime = TimeSpan.FromHours(1);
        if (Vendor is ICatalogueEmulator catalogue)
            Vault.Secrets.Seed([.. catalogue.ConnectionSecrets]);
        Vendor.BaseAddress = new Uri($"https://{vendor}.emulator.test/");
        _host = CreateHost();
    }

    /// <summary>AvePoint's next certificate; shared, because keys take long to make.</summary>
    public static X509Certificate2 NextCertificate { get; } =
        EmulatedCredentials.NewCertificate(new TestTime(), "CN=next");

    public TestTime Time { get; } = new();

    /// <summary>The host's own clocks.</summary>
    public SteppedTime Host { get; }

    public KeyVaultEmulator Vault => _vault.Emulator;

    public VendorEmulator Vendor { get; }

    public FakeRefreshLock Locks { get; } = new();

    /// <summary>The access token in the vault; null if there is none.</summary>
    public string? StoredAccessToken => Vault.Secrets.Get($"{Vendor.Name}-default-access-token")?.Value;

    /// <summary>The refresh token in the vault; null if there is none.</summary>
    public string? StoredRefreshToken => Vault.Secrets.Get($"{Vendor.Name}-default-refresh-token")?.Value;

    /// <summary>Sends a caller's request and moves the clock until it is answered.</summary>
    public async Task<Answer> GetTokenAsync(string query = "", string? vendor = null, string? connection = null)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        var handlers = _host.GetRequiredService<TokenHandlers>();
        var answering = Task.Run(async () =>
            await Answer.OfAsync(
                await handlers.GetTokenAsync(
                    context.Request,
                    vendor ?? Vendor.Name,
                    connection,
                    CancellationToken.None
                ),
                context
            )
        );
        while (true)
        {
            Stillness.Await();
            if (answering.IsCompleted)
                return await answering;
            Assert.True(Time.TryMoveToNextTimer(DateTimeOffset.MaxValue), "The request waits, but no timer is due.");
        }
    }

    /// <summary>Moves the clock, timer by timer.</summary>
    public void Pass(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        do
        {
            Stillness.Await();
        } while (Time.TryMoveToNextTimer(until));
    }

    /// <summary>Another process of the same deployment takes over, with nothing in memory.</summary>
    public async Task RestartAsync()
    {
        await _host.DisposeAsync();
        _host = CreateHost();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private ServiceProvider CreateHost()
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddSuiteLog());
        var clock = new HostClock(Host);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<RandomSource>(_random);
        services.AddBackupTokens(new ConfigurationBuilder().AddInMemoryCollection(Settings()).Build()).AddVendors();
        services.AddSingleton(provider => new VendorHttp(
            provider.GetRequiredService<VendorClocks>(),
            provider.GetRequiredService<RandomSource>(),
            clock
        )
        {
            Network = () => new EmulatorNetwork(Vendor, Time),
        });
        var vault = _vault.HostClient(clock);
        services.AddSingleton<ITokenStore>(provider => new KeyVaultTokenStore(
            vault,
            vault,
            clock,
            provider.GetRequiredService<ILogger<KeyVaultTokenStore>>()
        ));
        services.AddSingleton<ICredentialSource>(new KeyVaultCredentials(vault, clock));
        services.Replace(ServiceDescriptor.Singleton<IRefreshLock>(Locks));
        return services.BuildServiceProvider();
    }

    private Dictionary<string, string?> Settings()
    {
        var address = Vendor.BaseAddress.AbsoluteUri;
        (string Section, (string Name, string Value)[] Settings) connection = Vendor switch
        {
            AcronisEmulator { Name: "acronis" } acronis => (
                "Acronis",
                [("DataCenterUrl", address), ("ClientId", acronis.ClientId)]
            ),
            AcronisEmulator acronis => (
                "AcronisCyberApp",
                [("DataCenterUrl", address), ("ClientId", acronis.ClientId)]
            ),
            AvePointEmulator avePoint => (
                "AvePoint",
                [("IdentityServiceUrl", address), ("ClientId", avePoint.ClientId)]
            ),
            BackupNetEmulator backupNet => ("BackupNet", [("Authority", address), ("ClientId", backupNet.ClientId)]),
            ICatalogueEmulator catalogue => (
                catalogue.SettingsName,
                [.. catalogue.ConnectionSettings.Select(setting => (setting.Key, setting.Value))]
            ),
            VeeamEmulator veeam => ("Veeam", [("BaseUrl", address), ("Username", veeam.Username)]),
            _ => throw new InvalidOperationException($"{Vendor.Name} has no settings in this test."),
        };
        return connection
            .Settings.Select(setting =>
                KeyValuePair.Create($"Connections:{connection.Section}:default:{setting.Name}", (string?)setting.Value)
            )
            .Append(KeyValuePair.Create("KeyVault:VaultUri", (string?)Vault.BaseAddress.AbsoluteUri))
            .ToDictionary(StringComparer.Ordinal);
    }
}
