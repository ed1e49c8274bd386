using BackupFunctions.Alerts;
using BackupFunctions.Broker;
using BackupFunctions.Check;
using BackupFunctions.Check.Servers;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.KeyVault;
using BackupFunctions.Ledger;
using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using BackupFunctions.SignIn;
using BackupFunctions.Status;
using BackupFunctions.Storage;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions;

/// <summary>Puts Core into a host: <c>services.AddBackupTokens(configuration).AddKeyVault().AddVendors()</c>.</summary>
public static class Registration
{
    /// <summary>Adds settings, broker, refresher and handlers. Bad settings stop the start.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings of design.md.</param>
    public static BackupTokensBuilder AddBackupTokens(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<BackupFunctionsOptions>();
        services.AddSingleton(provider => new SettingsReader(
            configuration,
            provider.GetServices<IVendor>(),
            provider.GetRequiredService<HostingPlatform>()
        ));
        services.AddSingleton<IConfigureOptions<BackupFunctionsOptions>>(provider =>
            provider.GetRequiredService<SettingsReader>()
        );
        services.AddSingleton<IValidateOptions<BackupFunctionsOptions>>(provider =>
            provider.GetRequiredService<SettingsReader>()
        );
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;
            return new ConnectionDirectory(
                provider.GetServices<IVendor>(),
                options.Connections,
                options.Schedules,
                options.Concurrency
            );
        });

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RandomSource>();
        services.TryAddSingleton<RenewalOptions>();
        services.AddStorage(configuration);
        services.AddSingleton<IStorageAccess>(_ => new StorageProbe(configuration));
        services.AddAlerts(configuration);
        services.AddSingleton<AttemptRecord>();
        services.AddSingleton<SignInGate>();
        services.AddSingleton<SharedRejections>();
        services.AddSingleton<TokenSaver>();
        services.AddSingleton<VendorRenewal>();
        services.AddSingleton<TokenRefresher>();
        services.AddSingleton<SignOut>();
        services.AddSingleton(provider => new TokenBroker(
            provider.GetRequiredService<TokenRefresher>(),
            provider.GetRequiredService<SignOut>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TokenBroker>>()
        ));
        services.AddSingleton<ConnectionReloader>();
        services.AddHostedService<ConnectionReloadService>();
        services.AddSingleton<TenantTokens>();
        services.AddSingleton<CredentialExpiry>();
        services.AddSingleton<RefreshSweep>();
        services.TryAddSingleton(_ => HostingPlatform.OfAppService(configuration));
        services.AddSingleton<AuditTrail>();
        services.AddSingleton(provider =>
        {
            var platform = provider.GetRequiredService<HostingPlatform>();
            return new AccessGate(
                platform,
                AccessSettings.RequireAppRoles(configuration, platform, findings: []),
                provider.GetRequiredService<AuditTrail>()
            );
        });
        services.AddSingleton<TokenHandlers>();
        services.AddSingleton<VaultTokenIndex>();
        services.AddSingleton(provider => new StatusReader(
            provider.GetRequiredService<ConnectionDirectory>(),
            provider.GetRequiredService<ConnectionReloader>(),
            provider.GetRequiredService<TokenBroker>(),
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<VaultTokenIndex>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IConnectionSource>()
        ));
        services.AddSingleton<StatusHandlers>();
        services.AddCheck();
        services.AddSingleton<CheckHandlers>();
        services.AddHostedService<ConnectionMetrics>();
        services.AddHostedService<LedgerPoller>();
        services.AddHostedService<RenewalShutdown>();
        return new BackupTokensBuilder(services, configuration);
    }

    /// <summary>Keeps tokens and reads credentials in Azure Key Vault.</summary>
    public static BackupTokensBuilder AddKeyVault(this BackupTokensBuilder builder)
    {
        builder.Services.AddSingleton<Vaults>();
        builder.Services.AddSingleton<ITokenStore>(provider =>
            provider.GetRequiredService<Vaults>().CreateTokenStore()
        );
        builder.Services.AddSingleton<ICredentialSource>(provider =>
            provider.GetRequiredService<Vaults>().CreateCredentialSource()
        );
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Vaults>().CreateAccesses());
        builder.Services.AddSingleton(provider =>
            provider
                .GetRequiredService<Vaults>()
                .CreateConnectionSource(provider.GetServices<IVendor>(), provider.GetRequiredService<ILoggerFactory>())
        );
        return builder;
    }

    /// <summary>Adds the five vendors. A sixth is one folder and one line here.</summary>
    public static BackupTokensBuilder AddVendors(this BackupTokensBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<VendorClocks>();
        services.AddSingleton<VendorHttp>();
        services.AddSingleton<ServerProbe>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<RevocationClient>();
        services.AddSingleton<DiscoveryDocuments>();
        services.AddSingleton<ClientAssertionSigner>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<VeeamTokenEndpoint>();
        services.AddSingleton<IVendor>(provider =>
            AcronisVendor.CyberProtect(provider.GetRequiredService<TokenEndpoint>())
        );
        services.AddSingleton<IVendor>(provider =>
            AcronisVendor.CyberApp(provider.GetRequiredService<TokenEndpoint>())
        );
        services.AddSingleton<IVendor, AvePointVendor>();
        services.AddSingleton<IVendor, BackupNetVendor>();
        services.AddSingleton<IVendor, VeeamVendor>();
        return builder;
    }
}
