using Azure.Storage.Blobs;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Randomness;
using BackupFunctions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>Registers what is kept in storage.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds the refresh lock and the failure ledger: in blobs where storage is configured (<c>AzureWebJobsStorage</c>), else of this
    /// process alone. They take the place of those that were added before.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The settings.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RandomSource>();
        services.Replace(ServiceDescriptor.Singleton<ILedger>(provider => CreateLedger(provider, configuration)));
        return services.Replace(
            ServiceDescriptor.Singleton<IRefreshLock>(provider => CreateLock(provider, configuration))
        );
    }

    private static IRefreshLock CreateLock(IServiceProvider provider, IConfiguration configuration) =>
        Container(configuration, BlobLeaseRefreshLock.ContainerName) is { } container
            ? new BlobLeaseRefreshLock(
                container,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RandomSource>(),
                provider.GetRequiredService<ILogger<BlobLeaseRefreshLock>>()
            )
            : new InProcessRefreshLock();

    private static ILedger CreateLedger(IServiceProvider provider, IConfiguration configuration)
    {
        var logger = provider.GetRequiredService<ILogger<BlobLedger>>();
        return Container(configuration, BlobLedger.ContainerName) is { } container
            ? new BlobLedger(new LedgerBlobs(container, logger), provider.GetRequiredService<TimeProvider>(), logger)
            : new InMemoryLedger();
    }

    /// <summary>Null where no storage is configured. What is wrong with the settings stops the start elsewhere: SettingsReader.</summary>
    private static BlobContainerClient? Container(IConfiguration configuration, string name) =>
        StorageSettings.Read(configuration, findings: [])?.CreateClient().GetBlobContainerClient(name);
}
