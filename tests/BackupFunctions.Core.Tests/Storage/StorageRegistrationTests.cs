using BackupFunctions.Storage;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class StorageRegistrationTests
{
    [Theory]
    [InlineData(
        "AzureWebJobsStorage",
        "UseDevelopmentStorage=true",
        typeof(BlobLeaseRefreshLock),
        typeof(BlobFailureLedger)
    )]
    [InlineData("AzureWebJobsStorage:accountName", "contoso", typeof(BlobLeaseRefreshLock), typeof(BlobFailureLedger))]
    [InlineData("AzureWebJobsStorage", "", typeof(ProcessRefreshLock), typeof(ProcessLedger))]
    [InlineData(
        "AzureWebJobsStorage",
        "nonsense, which stops the start elsewhere",
        typeof(ProcessRefreshLock),
        typeof(ProcessLedger)
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
            .AddSingleton<IRefreshLock, ProcessRefreshLock>()
            .AddSingleton<IFailureLedger, ProcessLedger>();

        await using var provider = services.AddStorage(configuration).BuildServiceProvider();

        Assert.IsType(refreshLock, Assert.Single(provider.GetServices<IRefreshLock>()));
        Assert.IsType(ledger, Assert.Single(provider.GetServices<IFailureLedger>()));
    }
}
