using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>Registers what is kept in storage.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds the refresh lock: a blob lease where storage is configured (<c>AzureWebJobsStorage</c>), else one for this process
    /// alone. It takes the place of one that was added before.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings.</param>
    public static IServiceCollection AddRefreshLock(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RandomSource>();
        return services.Replace(ServiceDescriptor.Singleton<IRefreshLock>(provider => Create(provider, configuration)));
    }

    private static IRefreshLock Create(IServiceProvider provider, IConfiguration configuration)
    {
        // Findings are reported with those of all other settings, and stop the start: SettingsReader.
        if (StorageSettings.Read(configuration, findings: []) is not { } options)
        {
            return new ProcessRefreshLock();
        }

        return new BlobLeaseRefreshLock(
            options.CreateClient().GetBlobContainerClient(BlobLeaseRefreshLock.ContainerName),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RandomSource>(),
            provider.GetRequiredService<ILogger<BlobLeaseRefreshLock>>());
    }
}
