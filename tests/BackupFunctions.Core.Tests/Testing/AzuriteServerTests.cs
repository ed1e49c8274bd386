using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.Testing;

public sealed class AzuriteServerTests
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(60);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leases_a_blob_to_one_holder_and_keeps_blob_and_lease_while_it_is_away()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var container = new BlobContainerClient(azurite.ConnectionString, "locks", options);
        await container.CreateAsync(cancellationToken: Cancel);
        var blob = container.GetBlobClient("acronis-default");
        await blob.UploadAsync(BinaryData.FromString(""), Cancel);

        await blob.GetBlobLeaseClient().AcquireAsync(LeaseDuration, cancellationToken: Cancel);
        var second = await Assert.ThrowsAsync<RequestFailedException>(TakeLease);
        await azurite.StopAsync();
        await azurite.StopAsync();
        var away = await Assert.ThrowsAsync<RequestFailedException>(TakeLease);
        await azurite.StartAgainAsync();
        var back = await Assert.ThrowsAsync<RequestFailedException>(TakeLease);

        Assert.Equal(409, second.Status);
        Assert.Equal(0, away.Status);
        Assert.Equal(409, back.Status);

        Task TakeLease() => blob.GetBlobLeaseClient().AcquireAsync(LeaseDuration, cancellationToken: Cancel);
    }
}
