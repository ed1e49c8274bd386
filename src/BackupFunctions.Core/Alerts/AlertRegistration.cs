using BackupFunctions.Credentials;
using BackupFunctions.Ledger;
using BackupFunctions.Randomness;
using BackupFunctions.Settings;
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
            var time = provider.GetRequiredService<TimeProvider>();
            var options = provider.GetRequiredService<IOptions<BackupFunctionsOptions>>().Value.Alerts;
            return new AlertDispatcher(
                provider.GetRequiredService<ILedger>(),
                time,
                provider.GetRequiredService<ILogger<AlertDispatcher>>(),
                options,
                options is null
                    ? null
                    : new AlertWebhook(
                        options,
                        provider.GetRequiredService<ICredentialSource>(),
                        provider.GetRequiredService<RandomSource>(),
                        time
                    )
            );
        });
        services.AddSingleton<IIncidentListener>(provider => provider.GetRequiredService<AlertDispatcher>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<AlertDispatcher>());
    }
}
