using BackupFunctions.Storage;
using BackupFunctions.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Storage;

public sealed class StorageRegistrationTests
{
    [Theory]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true", typeof(BlobLeaseRefreshLock))]
    [InlineData("AzureWebJobsStorage:accountName", "contoso", typeof(BlobLeaseRefreshLock))]
    [InlineData("AzureWebJobsStorage", "", typeof(ProcessRefreshLock))]
    [InlineData("AzureWebJobsStorage", "nonsense, which stops the start elsewhere", typeof(ProcessRefreshLock))]
    public async Task Locks_by_blob_lease_where_storage_is_configured(string key, string value, Type expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IRefreshLock, ProcessRefreshLock>();

        await using var provider = services.AddRefreshLock(configuration).BuildServiceProvider();

        Assert.IsType(expected, Assert.Single(provider.GetServices<IRefreshLock>()));
    }
}
