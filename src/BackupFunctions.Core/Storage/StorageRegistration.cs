using Azure.Storage.Blobs;
using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Randomness;
using BackupFunctions.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Storage;

/// <summary>Registers what is kept in storage.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds the refresh lock and the failure ledger: in blobs where storage is configured (<c>AzureWebJobsStorage</c>),
    /// else of this process alone. They replace those added before.
    /// </summary>
    /// <param name="services">The host's services; they hold the <see cref="BackupFunctionsOptions"/>.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RandomSource>();
        services.Replace(ServiceDescriptor.Singleton<ILedger>(CreateLedger));
        return services.Replace(ServiceDescriptor.Singleton<IRefreshLock>(CreateLock));
    }

    private static IRefreshLock CreateLock(IServiceProvider provider) =>
        Container(provider, BlobLeaseRefreshLock.ContainerName) is { } container
            ? new BlobLeaseRefreshLock(
                container,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RandomSource>(),
                provider.GetRequiredService<ILogger<BlobLeaseRefreshLock>>()
            )
            : new InProcessRefreshLock();

    private static ILedger CreateLedger(IServiceProvider provider)
    {
        var logger = provider.GetRequiredService<ILogger<BlobLedger>>();
        return Container(provider, BlobLedger.ContainerName) is { } container
            ? new BlobLedger(new LedgerBlobs(container, logger), provider.GetRequiredService<TimeProvider>(), logger)
            : new InMemoryLedger();
    }

    /// <summary>Null if no storage is configured.</summary>
    private static BlobContainerClient? Container(IServiceProvider provider, string name) =>
        provider
            .GetRequiredService<IOptions<BackupFunctionsOptions>>()
            .Value.Storage?.CreateClient()
            .GetBlobContainerClient(name);
}
