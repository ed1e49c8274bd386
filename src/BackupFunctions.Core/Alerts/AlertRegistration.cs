using BackupFunctions.Connections;
using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Randomness;
using BackupFunctions.Settings;
using BackupFunctions.Settings.Alerting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Alerts;

/// <summary>Registers the alerts to operators.</summary>
internal static class AlertRegistration
{
    /// <summary>Adds them; without a webhook in the settings none are sent.</summary>
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value;
            var groups = GroupsOf(provider, options);
            return new AlertDispatcher(
                provider.GetRequiredService<ILedger>(),
                groups,
                options.Alerts is null ? null : PosterOf(provider, groups, options.Alerts),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<AlertDispatcher>>(),
                options.Alerts
            );
        });
        services.AddSingleton(provider => new AlertWebhook(
            OptionsOf(provider)!,
            provider.GetRequiredService<ICredentialSource>(),
            provider.GetRequiredService<RandomSource>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider =>
        {
            var options = OptionsOf(provider);
            var webhook = options is null ? null : provider.GetRequiredService<AlertWebhook>();
            return new AlertTester(provider.GetRequiredService<TimeProvider>(), options, webhook);
        });
        services.AddSingleton<IIncidentListener>(provider => provider.GetRequiredService<AlertDispatcher>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<AlertDispatcher>());
    }

    /// <summary>Null where no webhook is set; then there is no <see cref="AlertWebhook"/>.</summary>
    private static AlertOptions? OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value.Alerts;

    private static AlertPoster PosterOf(IServiceProvider provider, IAlertGroups groups, AlertOptions options) =>
        new(
            provider.GetRequiredService<ILedger>(),
            groups,
            provider.GetRequiredService<AlertWebhook>(),
            provider.GetRequiredService<ConnectionDirectory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AlertPoster>>(),
            options
        );

    private static IAlertGroups GroupsOf(IServiceProvider provider, BackupFunctionsOptions options) =>
        options.Storage is { } storage
            ? new BlobAlertGroups(
                storage.CreateClient().GetBlobContainerClient(BlobAlertGroups.ContainerName),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<BlobAlertGroups>>()
            )
            : new InMemoryAlertGroups();
}
