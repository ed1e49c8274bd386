using BackupFunctions.Broker;
using BackupFunctions.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Ledger;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Check;

/// <summary>
/// All emulators on loopback, and the services of a host that never starts, as the command line builds them.
/// </summary>
internal sealed class CheckWorld : IAsyncDisposable
{
    private static readonly EmulatedCredentials Credentials = EmulatedCredentials
        .Generate(TimeProvider.System, 20261124)
        .Guarded();

    private readonly ServiceProvider _host;

    private CheckWorld(EmulatorSuite emulators, ServiceProvider host) => (Emulators, _host) = (emulators, host);

    public EmulatorSuite Emulators { get; }

    public IServiceProvider Services => _host;

    public ILedger Ledger => _host.GetRequiredService<ILedger>();

    /// <summary>Starts the emulators.</summary>
    /// <param name="change">Changes the settings that the emulators need; null removes one.</param>
    /// <param name="options">The emulators' options.</param>
    /// <param name="services">Replaces services.</param>
    public static async Task<CheckWorld> StartAsync(
        IReadOnlyDictionary<string, string?>? change = null,
        EmulatorOptions? options = null,
        Action<IServiceCollection>? services = null
    )
    {
        options ??= new EmulatorOptions();
        options.Credentials = Credentials;
        var emulators = await EmulatorSuite.StartAsync(options, TestContext.Current.CancellationToken);
        var settings = emulators
            .ClientSettings()
            .ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in change ?? new Dictionary<string, string?>())
        {
            settings[key] = value;
            if (value is null)
                settings.Remove(key);
        }

        var collection = new ServiceCollection().AddLogging(logging => logging.AddSuiteLog());
        collection.AddSingleton(options.Time);
        collection.AddSingleton(HostingPlatform.Local);
        collection
            .AddBackupTokens(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddKeyVault()
            .AddVendors()
            .FindBadSettings([]);
        collection.PostConfigure<BackupFunctionsOptions>(read => read.EmbedsVault = true);
        services?.Invoke(collection);
        return new CheckWorld(emulators, collection.BuildServiceProvider());
    }

    /// <summary>As a deployed app, with App Service authentication.</summary>
    public static void Deployed(IServiceCollection services) =>
        services.AddSingleton(new HostingPlatform(IsLocal: false, AuthenticatesCallers: true));

    /// <summary>Lets the test answer for the servers.</summary>
    public static Action<IServiceCollection> Servers(HttpMessageHandler network) =>
        services =>
            services.AddSingleton(provider => new ServerProbe(provider.GetRequiredService<TimeProvider>())
            {
                Network = () => network,
            });

    /// <summary>Limits each step to two seconds.</summary>
    public static void WithShortSteps(IServiceCollection services) =>
        services.AddSingleton(provider => new CheckRunner(
            provider.GetRequiredService<CheckPlan>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CheckRunner>>()
        )
        {
            StepTimeout = TimeSpan.FromSeconds(2),
        });

    public Task<CheckReport> CheckAsync(CheckRequest? request = null) =>
        _host
            .GetRequiredService<CheckRunner>()
            .RunAsync(request ?? new CheckRequest(), progress: null, TestContext.Current.CancellationToken);

    /// <summary>Checks without signing in.</summary>
    public Task<CheckReport> LookAsync(string? vendor = null) =>
        CheckAsync(new CheckRequest { SignsIn = false, Vendor = vendor });

    /// <summary>The number of token requests that the vendors received.</summary>
    public int TokenRequests =>
        Emulators.Emulators.OfType<VendorEmulator>().Sum(vendor => vendor.Counters[Endpoints.Token]);

    public async ValueTask DisposeAsync()
    {
        await _host.GetRequiredService<TokenBroker>().DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Emulators.Vault.GuardTokens();
        await _host.DisposeAsync();
        await Emulators.DisposeAsync();
    }
}
