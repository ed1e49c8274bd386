using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Check;
using BackupFunctions.Settings;
using Microsoft.Extensions.Options;

namespace BackupFunctions.Storage;

/// <summary>Learns whether storage can be read and written, and leaves nothing behind.</summary>
internal sealed class StorageProbe(IOptions<BackupFunctionsOptions> options) : IStorageProbe
{
    /// <summary>
    /// No blob ever has it: whoever may write is told that the condition is not met, whoever may not that it is denied.
    /// </summary>
    private static readonly ETag Never = new("\"0x0\"");

    private readonly StorageOptions? _options = options.Value.Storage;

    public bool IsSet => _options is not null;

    public bool IsSettingWrong => options.Value.IsStorageWrong;

    public string Account => _options?.CreateClient().AccountName ?? "";

    public async Task<StorageProbeFailure?> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var name in new[] { BlobLeaseRefreshLock.ContainerName, BlobLedger.ContainerName })
            {
                var container = _options!.CreateClient().GetBlobContainerClient(name);
                await ReadAsync(container, cancellationToken);
                await WriteAsync(container, cancellationToken);
            }

            return null;
        }
        catch (RequestFailedException exception) when (exception.Status is 401 or 403)
        {
            return new StorageProbeFailure(IsDenied: true, StorageErrors.Describe(exception));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: what clients and credentials throw is no closed set.
            return new StorageProbeFailure(IsDenied: false, StorageErrors.Describe(exception));
        }
    }

    private static async Task ReadAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        try
        {
            await using var blobs = container
                .GetBlobsAsync(cancellationToken: cancellationToken)
                .AsPages(pageSizeHint: 1)
                .GetAsyncEnumerator(cancellationToken);
            await blobs.MoveNextAsync();
        }
        catch (RequestFailedException exception) when (StorageErrors.IsMissing(exception))
        {
            // The first renewal makes it.
        }
    }

    private static async Task WriteAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        try
        {
            var onlyOverWhatIsNot = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfMatch = Never },
            };
            await container.GetBlobClient("check").UploadAsync(BinaryData.Empty, onlyOverWhatIsNot, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 412 || StorageErrors.IsMissing(exception))
        {
            // As it must be.
        }
    }
}
