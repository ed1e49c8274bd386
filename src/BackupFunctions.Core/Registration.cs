using System.Reflection;
using BackupFunctions.Alerts;
using BackupFunctions.Broker;
using BackupFunctions.Check;
using BackupFunctions.Clocks;
using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.KeyVault;
using BackupFunctions.Randomness;
using BackupFunctions.Renewal;
using BackupFunctions.Rotation;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Declared;
using BackupFunctions.SignIn;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.State;
using BackupFunctions.Status;
using BackupFunctions.Storage;
using BackupFunctions.Sweeps;
using BackupFunctions.Vendors;
using BackupFunctions.Web;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Alerts;
using BackupFunctions.Web.Audit;
using BackupFunctions.Web.Calls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions;

/// <summary>Puts Core into a host: <c>services.AddBackupTokens(configuration).AddKeyVault().AddVendors()</c>.</summary>
public static class Registration
{
    /// <summary>
    /// Adds settings, broker, refresher and handlers. Bad settings that the host itself needs stop the start.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings, as the README lists them.</param>
    public static BackupTokensBuilder AddBackupTokens(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<BackupFunctionsOptions>();
        services.AddSingleton(provider => new SettingsReader(
            configuration,
            provider.GetServices<VendorProfile>(),
            provider.GetRequiredService<HostingPlatform>(),
            provider.GetService<DeclaredVendors>()?.Findings,
            provider.GetRequiredService<TimeProvider>()
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
                provider.GetServices<VendorProfile>(),
                options.Connections,
                options.Misconfigured
            );
        });
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;
            return new SweepSettings(options.Schedules, options.Concurrency);
        });

        services.AddHostClock();
        services.TryAddSingleton<RandomSource>();
        services.TryAddSingleton<RenewalOptions>();
        services.AddStorage();
        services.AddSingleton<IStorageProbe, StorageProbe>();
        services.AddAlerts();
        services.AddSingleton<ConnectionStates>();
        services.AddSingleton<IConnectionListener>(provider => provider.GetRequiredService<ConnectionStates>());
        services.AddSingleton<AttemptRecorder>();
        services.AddSingleton<AttemptTools>();
        services.AddSingleton<OlderCertificates>();
        services.AddSingleton<SignInGate>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<SavedTokenReader>();
        services.AddSingleton<TokenSaver>();
        services.AddSingleton<VendorRenewal>();
        services.AddSingleton<TokenRenewer>();
        services.AddSingleton<SessionEnder>();
        services.AddSingleton<SignOut>();
        services.AddInternal<TokenBroker>();
        services.AddInternal<TenantTokens>();
        services.AddSingleton<DoubtfulTokens>();
        services.AddHostedService(provider => provider.GetRequiredService<DoubtfulTokens>());
        services.AddSingleton<ConnectionReloader>();
        services.AddHostedService<ConnectionReloadService>();
        services.AddSingleton<CredentialExpiry>();
        services.AddSingleton<FreshnessKeeper>();
        services.AddInternal<RefreshSweep>();
        services.TryAddSingleton(_ => HostingPlatform.OfAppService(configuration));
        services.AddSingleton<AuditTrail>();
        services.AddSingleton(provider => new AccessGate(
            provider.GetRequiredService<HostingPlatform>(),
            provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value.Access
        ));
        services.AddSingleton<RequestAdmission>();
        services.AddSingleton<ConnectionRequests>();
        services.AddSingleton<TokenHandlers>();
        services.AddSingleton<OperatorHandlers>();
        services.AddInternal<AlertHandlers>();
        services.AddCalls();
        services.AddSingleton<VaultTokenIndex>();
        services.AddInternal<StatusReader>();
        services.AddSingleton<StatusHandlers>();
        services.AddCheck();
        services.AddSingleton<CheckHandlers>();
        services.AddHostedService<SettingsReport>();
        services.AddHostedService<ConnectionMetrics>();
        services.AddSingleton<LedgerPoller>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerPoller>());
        services.AddHostedService<RenewalShutdown>();
        return new BackupTokensBuilder(services, configuration);
    }

    /// <summary>Keeps tokens and reads credentials in Azure Key Vault.</summary>
    public static BackupTokensBuilder AddKeyVault(this BackupTokensBuilder builder)
    {
        builder.Services.AddSingleton<Vaults>();
        builder.Services.AddSingleton<ITokenStore>(provider =>
            provider.GetRequiredService<Vaults>().CreateTokenStore(provider.GetRequiredService<ILoggerFactory>())
        );
        builder.Services.AddSingleton<ICredentialSource>(provider =>
            provider.GetRequiredService<Vaults>().CreateCredentialSource()
        );
        builder.Services.AddSingleton<IConnectionListener>(provider =>
            (IConnectionListener)provider.GetRequiredService<ICredentialSource>()
        );
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Vaults>().CreateProbes());
        builder.Services.AddSingleton(provider =>
            provider
                .GetRequiredService<Vaults>()
                .CreateConnectionSource(
                    provider.GetServices<VendorProfile>(),
                    provider.GetRequiredService<ILoggerFactory>()
                )
        );
        return builder;
    }

    /// <summary>Adds the built-in vendors and the flows that sign in at them.</summary>
    public static BackupTokensBuilder AddVendors(this BackupTokensBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<VendorClocks>();
        services.AddSingleton<VendorHttp>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<RevocationClient>();
        services.AddSingleton<DiscoveryDocuments>();
        services.AddSingleton<ClientAssertionSigner>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<ClientSecretSignIn>();
        services.AddSingleton<PrivateKeyJwtSignIn>();
        services.AddSingleton<TenantTokenExchange>();
        services.AddSingleton<PasswordRequests>();
        services.AddSingleton<PasswordSignIn>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton<IVendorClient, VendorClient>();
        var declared = DeclaredVendors.Read(builder.Configuration, VendorProfiles.BuiltIn);
        services.AddSingleton(declared);
        foreach (var profile in VendorProfiles.BuiltIn.Concat(declared.Profiles))
        {
            services.AddSingleton(profile);
        }

        return builder;
    }

    /// <summary>Adds a public class whose only constructor is internal, because it takes internal services.</summary>
    internal static void AddInternal<T>(this IServiceCollection services)
        where T : class
    {
        var constructor = typeof(T).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Single();
        services.AddSingleton(provider =>
        {
            var arguments = constructor
                .GetParameters()
                .Select(parameter =>
                    parameter.HasDefaultValue
                        ? provider.GetService(parameter.ParameterType)
                        : provider.GetRequiredService(parameter.ParameterType)
                );
            return (T)constructor.Invoke([.. arguments]);
        });
    }
}
