using BackupFunctions.Ledger;
using BackupFunctions.Locking;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class StorageRegistrationTests
{
    [Theory]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true", typeof(BlobLeaseRefreshLock), typeof(BlobLedger))]
    [InlineData("AzureWebJobsStorage:accountName", "contoso", typeof(BlobLeaseRefreshLock), typeof(BlobLedger))]
    [InlineData("AzureWebJobsStorage", "", typeof(InProcessRefreshLock), typeof(InMemoryLedger))]
    [InlineData(
        "AzureWebJobsStorage",
        "nonsense, which stops the start elsewhere",
        typeof(InProcessRefreshLock),
        typeof(InMemoryLedger)
    )]
    public async Task Lock_and_ledger_are_shared_where_storage_is_configured(
        string key,
        string value,
        Type refreshLock,
        Type ledger
    )
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        var services = new ServiceCollection()
            .AddLogging()
            .Configure<BackupFunctionsOptions>(options => options.Storage = StorageSettings.Read(configuration, []))
            .AddSingleton<IRefreshLock, InProcessRefreshLock>()
            .AddSingleton<ILedger, InMemoryLedger>();

        await using var provider = services.AddStorage().BuildServiceProvider();

        Assert.IsType(refreshLock, Assert.Single(provider.GetServices<IRefreshLock>()));
        Assert.IsType(ledger, Assert.Single(provider.GetServices<ILedger>()));
    }
}
