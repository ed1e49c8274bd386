using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using BackupFunctions.Connections;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage;

/// <summary>
/// The blobs whose leases are the locks: one without content per connection. Container and blob are created by whoever
/// finds them missing, so that the usual acquisition is one request, and an account that was emptied heals by itself.
/// </summary>
internal sealed class LockBlobs(BlobContainerClient container, ILogger logger)
{
    /// <summary>A missing container and a missing blob, and one more for somebody who deletes them meanwhile.</summary>
    private const int MostTries = 3;

    /// <summary>A client for a lease on a connection's lock, taken or not.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="leaseId">The lease's id: asking twice with the same one is asking once.</param>
    public BlobLeaseClient LeaseOn(ConnectionKey key, Guid leaseId) =>
        BlobOf(key).GetBlobLeaseClient(leaseId.ToString());

    /// <summary>Takes the lease.</summary>
    /// <param name="key">Which connection.</param>
    /// <param name="lease">From <see cref="LeaseOn"/>.</param>
    /// <param name="duration">15 to 60 s.</param>
    /// <param name="cancellationToken">Ends the request; the lease may have been taken all the same.</param>
    /// <returns>False if another has it.</returns>
    /// <exception cref="RequestFailedException">Storage refused, or did not answer.</exception>
    public async Task<bool> TryTakeAsync(
        ConnectionKey key,
        BlobLeaseClient lease,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await lease.AcquireAsync(duration, cancellationToken: cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (StorageErrors.IsHeld(exception))
            {
                return false;
            }
            catch (RequestFailedException exception) when (StorageErrors.IsMissing(exception) && tries < MostTries)
            {
                await CreateAsync(key, cancellationToken);
            }
        }
    }

    private BlobClient BlobOf(ConnectionKey key) => container.GetBlobClient($"{key}.lock");

    private async Task CreateAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        try
        {
            await CreateBlobAsync(key, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            if (await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken) is not null)
            {
                StorageLog.ContainerCreated(logger, container.Name);
            }

            await CreateBlobAsync(key, cancellationToken);
        }
    }

    private async Task CreateBlobAsync(ConnectionKey key, CancellationToken cancellationToken)
    {
        try
        {
            var onlyIfMissing = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            };
            await BlobOf(key).UploadAsync(BinaryData.Empty, onlyIfMissing, cancellationToken);
        }
        catch (RequestFailedException exception)
            when (exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
                || exception.ErrorCode == BlobErrorCode.LeaseIdMissing
            )
        {
            // Another process was faster, and may have leased it already.
        }
    }
}
